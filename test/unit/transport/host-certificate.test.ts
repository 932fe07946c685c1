import { describe, expect, it } from 'vitest';
import { certificateProblem, parseHostCertificate } from '../../../src/transport/host-certificate.ts';

/**
 * Made by `ssh-keygen -s ca -I id -h -n host-1,host-2 -V 19700101000000Z:20400101000000Z key.pub` (OpenSSH 9.2), an
 * authority of each type.
 */
const CERTIFICATES = {
  ed25519:
    'AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIKBqUkgQHT41hjQZ8D2YaSFcI+P8OxiemU+KOUg72eU4AAAAIJhjQ7yQpOqIr6je0KAjUrbQDgi6lJVNLoRNQeMxJpSGAAAAAAAAAAAAAAACAAAAAmlkAAAAFAAAAAZob3N0LTEAAAAGaG9zdC0yAAAAAAAAAAAAAAAAg6p+gAAAAAAAAAAAAAAAAAAAADMAAAALc3NoLWVkMjU1MTkAAAAgei7cTVjA5CVPr2VUCvScamaYD4hWhvtC5LhOlhRZU3kAAABTAAAAC3NzaC1lZDI1NTE5AAAAQMFH4Z7tSqnl868SEdLAxLk/OLEdRIgqXre0vqGqujwc2mb76B9I4tiD93kq9eBmtVjXNegRg6Onjn8jGfDxQgo=',
  rsa: 'AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIPLwTTnP9K7jPbinaKbjJIR+TemkVqK5+VHN16/gBgCCAAAAIJhjQ7yQpOqIr6je0KAjUrbQDgi6lJVNLoRNQeMxJpSGAAAAAAAAAAAAAAACAAAAAmlkAAAAFAAAAAZob3N0LTEAAAAGaG9zdC0yAAAAAAAAAAAAAAAAg6p+gAAAAAAAAAAAAAAAAAAAARcAAAAHc3NoLXJzYQAAAAMBAAEAAAEBALBJhLNg764ljy+U2H1j1A6ebr5WR3Gl0micUrrYOGEaY9JCQ+0JBBmZy+6OMe6RLqyoUIOGwp7JGQblv8ZySILnojaee9EAqASbLV1YzK3A2YqqPjsr6Oko/hci7bbQSzQaDxy1Fq0drNav2fvfpZfgqiGUBK9dLDYSnBZVlancRNPbD2uvA26XUnxtWtZegHX+qMpDAweR9GIJL1GnS+c3ImQ9SaRXqsDodowKzYjwwPwib25Eq/6o0Z2pduPwg+XEAPvHQI0WyVcMSOh6+PAuovz57aDmZCoweGvtUXaHGLeL+EFl4a5E7OUId95ncfOz6w7vkPObkJTkrauRHeMAAAEUAAAADHJzYS1zaGEyLTUxMgAAAQCNz/YhG4fEn9PCSsH7I9YtLyhgr9WrZyM5KVupXovs+huVH7c1zIwBfvNOYts6QoOM1ci7u49JVTRHJEC3+jRBfpF12V4eg70iEn9vGG1twpOEYeCsS8uJYQIL0SeNMDG2dA2ahH40qPN1JYuJugcyqARSfkfDO3yd8iIEeL3+QLnopNR4qfCTsqmUmcqUGh2z6huAJH4zwDZhA0zVUaoX21swudnEKoaO9n2JjHF6BF1KW73VG8LKyJEwRixClRLx/O+tRUgbnSKstQ7qhV8ON5ClzqvYF2EseP0lpUp2cuFXgg6eNaKTdHh88HB+QzJmfY9khe8fpk+RQC8TeYo/',
  ecdsa:
    'AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIO03egEbho1epoPivvJwToHhPsYiKF3MN5pz+xO8gWG9AAAAIJhjQ7yQpOqIr6je0KAjUrbQDgi6lJVNLoRNQeMxJpSGAAAAAAAAAAAAAAACAAAAAmlkAAAAFAAAAAZob3N0LTEAAAAGaG9zdC0yAAAAAAAAAAAAAAAAg6p+gAAAAAAAAAAAAAAAAAAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAEEEPXQyILZnwvJIVmGIgJRHiadPs51CzqyTuUHWdqa5lni3Ld7YNnVV1zaxiV/OOnm/kuVWmrU/yCTiBJ14hhc2SgAAAGMAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAEgAAAAgO9GY2YjefQLNHgwgsNpqsT1r+0rzWlvzT31bQ4jhomoAAAAgCztEUKCene/Hwa+jaEQLmqfIodo+S3hHd10G50g06sg=',
  'ecdsa of 521 bits, for a key of 384':
    'AAAAKGVjZHNhLXNoYTItbmlzdHAzODQtY2VydC12MDFAb3BlbnNzaC5jb20AAAAgvwD8VRKjhi7z4XIqIdi4hgHYPXJx4e+2B50E05WGj2YAAAAIbmlzdHAzODQAAABhBCKV3GebLDKlFj1/9nKNYt0F9XNkcKh+AagljauzXb016KakOuN0EDST+yYhl2apDwXy4hHuOsjF5x7Zuhz7LpFZbIs06923UShE84tZrNTVBJXfRCu3EBWkCegzvJlcbgAAAAAAAAAAAAAAAgAAAAJpZAAAABQAAAAGaG9zdC0xAAAABmhvc3QtMgAAAAAAAAAAAAAAAIOqfoAAAAAAAAAAAAAAAAAAAACsAAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBADFwhyk5nbuhqpS76fpKk9fP4pb4WYwKBiXK6Mf9sgP2i//+LD59Gk9CjOstoYn4QMt47O7OCb6VbeRLsNGLsGUvAH0dB/s7C41+BtW0M3tB/fcgf+V9BTxToCCJbVeWHM5z/AGqFf5dhGgxMPHL9bLYmMneWucTIJgJ6gwhOTf3dm6uwAAAKcAAAATZWNkc2Etc2hhMi1uaXN0cDUyMQAAAIwAAABCAeUjm9sQGW4hNYlZgRJC/JFZGYOjj2D0dz573RdhwLD1rDjDFcoHPTUMfVlabvZAO3rukKG4GEAePmtTE2QtQ/h5AAAAQgFQeaieoK/6PpqbG52xS3xWi/hZu8EvrGoocaVkWcnEzEMUPbgsx/266Cc2NG2jlZpdA3JhisU3yOSeAv/9OWm+EQ==',
};

const NOW = 1_800_000_000;

describe.each(Object.entries(CERTIFICATES))('a certificate of an authority with %s', (_, base64) => {
  const certificate = () => parseHostCertificate(Buffer.from(base64, 'base64'));

  it('vouches for the names in it', () => {
    expect(certificate().principals).toEqual(['host-1', 'host-2']);
    expect(certificateProblem(certificate(), 'host-1', NOW)).toBeUndefined();
  });

  it('does not vouch for others', () => {
    expect(certificateProblem(certificate(), 'host-3', NOW)).toBe('it is for host-1, host-2');
  });

  it('does not vouch after its time', () => {
    expect(certificateProblem(certificate(), 'host-1', 2_300_000_000)).toBe('it has expired');
  });

  it('is refused when a bit of it differs', () => {
    const bytes = Buffer.from(base64, 'base64');
    // In the name, which is signed.
    const at = bytes.indexOf('host-2') + 5;
    bytes[at] = '3'.charCodeAt(0);
    expect(certificateProblem(parseHostCertificate(bytes), 'host-3', NOW)).toBe('its signature is wrong');
  });
});

it('a text that breaks off is no certificate', () => {
  const [base64 = ''] = Object.values(CERTIFICATES);
  expect(() => parseHostCertificate(Buffer.from(base64, 'base64').subarray(0, 200))).toThrow();
});

it('a key is no certificate', () => {
  const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIJyQ8J4nXl8zO9iJq3qKj8q1q9mYwq4V1q1cX5Jm1n2b';
  expect(() => parseHostCertificate(Buffer.from(key, 'base64'))).toThrow();
});
