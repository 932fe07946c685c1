import { describe, expect, it } from 'vitest';
import { readRateLimit } from '../../../../src/drivers/hosts/rate-limit.ts';

const read = (values: Readonly<Record<string, string>>) => readRateLimit(values, 'OUTBOUND');

describe('readRateLimit', () => {
  it('is none where nothing is said of that direction', () => {
    expect(read({ INBOUND_AVG_BW: '100' })).toBeUndefined();
    expect(read({ OUTBOUND_AVG_BW: '' })).toBeUndefined();
    expect(read({ OUTBOUND_AVG_BW: '0', OUTBOUND_PEAK_KB: '7' })).toBeUndefined();
    expect(read({ OUTBOUND_AVG_BW: 'fast' })).toBeUndefined();
  });

  it('has an average, and a burst of a tenth of a second, of one whole packet at least', () => {
    expect(read({ OUTBOUND_AVG_BW: '100' })).toEqual({ averageKbps: 100, burstKb: 64, peakKbps: undefined });
    expect(read({ OUTBOUND_AVG_BW: '125000' })).toEqual({ averageKbps: 125_000, burstKb: 12_500, peakKbps: undefined });
  });

  it('has a peak, and what may pass at it', () => {
    const given = { OUTBOUND_AVG_BW: '100', OUTBOUND_PEAK_BW: '300', OUTBOUND_PEAK_KB: '1024' };
    expect(read(given)).toEqual({ averageKbps: 100, burstKb: 1024, peakKbps: 300 });
  });

  it('takes a peak without an average as what lasts, and a peak below the average as none', () => {
    expect(read({ OUTBOUND_PEAK_BW: '300' })).toMatchObject({ averageKbps: 300, peakKbps: undefined });
    expect(read({ OUTBOUND_AVG_BW: '300', OUTBOUND_PEAK_BW: '200' })).toMatchObject({ peakKbps: undefined });
  });

  it('allows no burst that tc cannot count', () => {
    expect(read({ OUTBOUND_AVG_BW: '1', OUTBOUND_PEAK_KB: '99999999' })?.burstKb).toBe(1_000_000);
  });
});
