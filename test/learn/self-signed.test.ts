import {createPrivateKey, X509Certificate} from 'node:crypto';
import {expect, it} from 'vitest';
import {selfSigned} from '../../src/learn/self-signed.ts';

it('is a certificate of its host, signed by its own key, valid now', () => {
  const now = new Date();
  const {certificate, key} = selfSigned('books.example.org', now);
  const found = new X509Certificate(certificate);
  expect(found.subject).toBe('CN=books.example.org');
  expect(found.checkHost('books.example.org')).toBe('books.example.org');
  expect(found.checkHost('other.example.org')).toBeUndefined();
  expect(found.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(found.verify(found.publicKey)).toBe(true);
  expect(Date.parse(found.validFrom)).toBeLessThan(now.getTime());
  expect(Date.parse(found.validTo)).toBeGreaterThan(now.getTime() + 364 * 86_400_000);
});

it('is another one each time, also with a host of any length', () => {
  const hosts = ['a.example.org', `${'long.'.repeat(40)}example.org`];
  for (const host of hosts) {
    const [one, two] = [selfSigned(host, new Date()), selfSigned(host, new Date())];
    expect(one.key).not.toBe(two.key);
    expect(new X509Certificate(one.certificate).checkHost(host)).toBe(host);
  }
});
