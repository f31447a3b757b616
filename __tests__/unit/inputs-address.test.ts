import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/inputs/address.ts';
import { InputError } from '../../src/text/input-error.ts';

/** Returns the address, or undefined after an InputError. */
function addressOrError(text: string): string | undefined {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

describe('parseAddress', () => {
  it.each([
    ['example.teleport.sh', 'example.teleport.sh:443'],
    ['example.teleport.sh:443', 'example.teleport.sh:443'],
    ['example.teleport.sh:3080', 'example.teleport.sh:3080'],
    ['https://example.teleport.sh', 'example.teleport.sh:443'],
    ['https://example.teleport.sh/', 'example.teleport.sh:443'],
    ['HTTPS://example.teleport.sh:3080/', 'example.teleport.sh:3080'],
    ['example.teleport.sh/', 'example.teleport.sh:443'],
    ['example.teleport.sh.', 'example.teleport.sh.:443'],
    ['Example.Teleport.SH:1', 'Example.Teleport.SH:1'],
    ['proxy', 'proxy:443'],
    ['my_proxy-1:65535', 'my_proxy-1:65535'],
    ['10.0.0.7:3080', '10.0.0.7:3080'],
    ['[::1]', '[::1]:443'],
    ['[2001:db8::7]:3080', '[2001:db8::7]:3080'],
    ['https://[2001:db8::7]/', '[2001:db8::7]:443'],
    ['[::ffff:10.0.0.7]:443', '[::ffff:10.0.0.7]:443'],
  ])('reads %s as %s', (text, address) => {
    expect(parseAddress(text)).toBe(address);
  });

  it.each([
    ['http://example.teleport.sh', /`http:\/\/` is not supported/],
    ['HTTP://example.teleport.sh', /`http:\/\/` is not supported/],
    ['ssh://example.teleport.sh', /`ssh:\/\/` is not supported. Specify the Teleport Proxy/],
    ['tbot+proxy+github://t@example.com:443', /`tbot\+proxy\+github:\/\/` is not/],
    ['https://', /has no host name/],
    ['https:///', /has no host name/],
    ['/', /is not a host name/],
    [':443', /is not a host name/],
    ['https://example.com//', /contains a path/],
    ['https://example.com/web/login', /contains a path/],
    ['https:/example.com', /contains a path/],
    ['example.com?x=1', /contains a path/],
    ['example.com#x', /contains a path/],
    ['user@example.com', /contains `@`/],
    ['example.com:', /must be a number from 1 to 65535/],
    ['example.com:0', /must be a number from 1 to 65535/],
    ['example.com:65536', /must be a number from 1 to 65535/],
    ['example.com:443443', /must be a number from 1 to 65535/],
    ['example.com:https', /must be a number from 1 to 65535/],
    ['example.com:+443', /must be a number from 1 to 65535/],
    ['example.com:1e3', /must be a number from 1 to 65535/],
    ['[::1]:', /must be a number from 1 to 65535/],
    ['example.com:443:443', /is not an address/],
    ['::1', /must be in brackets: `\[::1\]:443`/],
    ['2001:db8::7', /must be in brackets/],
    ['[]', /is not an IPv6 address/],
    ['[10.0.0.7]', /is not an IPv6 address/],
    ['[example.com]:443', /is not an IPv6 address/],
    ['[1::2::3]', /is not an IPv6 address/],
    ['[fe80::1%eth0]:443', /is not an IPv6 address/],
    ['[::1', /is not a(n address| host name)|must be in brackets/],
    ['[::1]x', /is not/],
    ['exa mple.com', /contains whitespace/],
    ['example.com\n:443', /contains whitespace/],
    ['example.com,other.com', /is not a host name/],
    ['-example.com', /is not a host name/],
    ['example-.com', /is not a host name/],
    ['example..com', /is not a host name/],
    ['.example.com', /is not a host name/],
    ['exam%70le.com', /is not a host name/],
    ['example.com\\@evil.com', /contains `@`/],
    ['example.com\\evil', /is not a host name/],
    ['münchen.example', /is not a host name/],
    ['999.1.1.1', /is not a host name/],
    ['127.1', /is not a host name/],
    ['0x7f.0.0.1', /is not a host name/],
    ['2130706433', /is not a host name/],
    [`${'a.'.repeat(127)}com`, /is not a host name/],
    ['${{ vars.PROXY }}', /contains whitespace/],
  ])('rejects %j', (text, message) => {
    expect(() => parseAddress(text)).toThrow(InputError);
    expect(() => parseAddress(text)).toThrow(message);
  });

  it('does not show a password', () => {
    const text = 'https://ci:hunter2@example.com/web?x';
    expect(() => parseAddress(text)).toThrow(/^it contains `@`\. Specify only host and port$/);
  });

  it('returns an address that is valid in a URL and parses to itself', () => {
    const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
    const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
    const host = fc.oneof(
      name,
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
    );
    const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
    const scheme = fc.constantFrom('', 'https://', 'HTTPS://');
    const end = fc.constantFrom('', '/');
    fc.assert(
      fc.property(scheme, host, port, end, (before, where, number, after) => {
        fc.pre(URL.canParse(`https://${where}`));
        const address = parseAddress(
          `${before}${where}${number === undefined ? '' : `:${number}`}${after}`,
        );
        expect(address).toBe(`${where}:${number ?? 443}`);
        expect(parseAddress(address)).toBe(address);
        expect(new URL(`https://${address}/webapi/find`).pathname).toBe('/webapi/find');
      }),
    );
  });

  it('returns only a host and a port, or throws an InputError, for any text', () => {
    const near = fc.string({
      unit: fc.constantFrom(...'aZ0.:/[]@%?#\\- _x\n'.split(''), 'https://', 'é'),
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.oneof(near, fc.string()), (text) => {
        const address = addressOrError(text);
        fc.pre(address !== undefined);
        const url = new URL(`https://${address}/`);
        expect([url.username, url.password, url.pathname, url.search]).toEqual(['', '', '/', '']);
        expect(address).toMatch(/^\S+:\d+$/);
      }),
      { numRuns: 200, maxSkipsPerRun: 1000 },
    );
  });
});
