import { describe, expect, it } from 'vitest';
import { catalogue, OnedockError } from '../../../src/errors/onedock-error.ts';
import { errorJson, presentError } from '../../../src/errors/present.ts';

const fail = catalogue({
  HOST_LOST: {
    what: (at: { host: string }) => `Host ${at.host} does not answer.`,
    why: 'The connection was closed.',
    todo: 'Look at `onedock status`.',
    retry: true,
  },
});

describe('catalogue', () => {
  it('makes errors that carry their code, sentences, data and cause', () => {
    const cause = new Error('ECONNRESET');
    const error = fail('HOST_LOST', { host: 'host-1' }, cause);
    expect(error).toBeInstanceOf(OnedockError);
    expect(error).toMatchObject({ code: 'HOST_LOST', message: 'Host host-1 does not answer.', retry: true, cause });
    expect(error.data).toEqual({ host: 'host-1' });
  });
});

describe('presentError', () => {
  it('says what, why, what to do, and the causes', () => {
    const error = fail('HOST_LOST', { host: 'host-1' }, new Error('ECONNRESET'));
    expect(presentError(error)).toBe(
      [
        'Host host-1 does not answer. [HOST_LOST]',
        'The connection was closed.',
        'Look at `onedock status`.',
        '  caused by: ECONNRESET',
      ].join('\n'),
    );
  });

  it('has the same for programs', () => {
    expect(errorJson(fail('HOST_LOST', { host: 'h' }))).toMatchObject({ code: 'HOST_LOST', data: { host: 'h' } });
    expect(errorJson(new TypeError('x'))).toMatchObject({ code: 'UNEXPECTED', what: 'x' });
  });
});
