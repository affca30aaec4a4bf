import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseClient } from '../../src/gate/client.js';

const network = (address: string) => parseClient(address)?.network ?? null;

describe("a client's network", () => {
  it('is the whole address for IPv4', () => {
    for (const address of ['203.0.113.7', '0.0.0.0', '255.255.255.255', '10.0.0.1']) {
      assert.deepEqual(parseClient(address), { ip: address, network: address });
    }
    assert.equal(network(' 203.0.113.7 '), '203.0.113.7');
  });

  it('is the /64 for IPv6, in whatever spelling', () => {
    for (const address of [
      '2001:db8:1:2:3:4:5:6',
      '2001:0DB8:0001:0002::9',
      '2001:db8:1:2::',
      '2001:db8:1:2:ffff:ffff:ffff:ffff',
      '2001:db8:1:2::192.0.2.1',
      '2001:db8:1:2::1%eth0',
    ]) {
      assert.equal(network(address), '2001:db8:1:2::/64', address);
    }
    assert.equal(network('2001:db8:1:3::1'), '2001:db8:1:3::/64');
    assert.equal(network('::1'), '0:0:0:0::/64');
    assert.equal(network('fe80::1%2'), 'fe80:0:0:0::/64');
    assert.equal(parseClient('2001:db8::7')?.ip, '2001:db8:0:0:0:0:0:7');
  });

  it('is the IPv4 address where one is mapped into IPv6', () => {
    for (const address of ['::ffff:203.0.113.7', '::FFFF:cb00:7107', '0:0:0:0:0:ffff:cb00:7107']) {
      assert.deepEqual(parseClient(address), { ip: '203.0.113.7', network: '203.0.113.7' });
    }
  });

  it('is unknown for anything that is no address', () => {
    for (const address of [
      '',
      'unknown',
      'localhost',
      '1.2.3',
      '1.2.3.4.',
      '1.2.3.4.5',
      '256.1.1.1',
      '01.2.3.4',
      '0x7f.1',
      '2130706433',
      '203.0.113.7:5060',
      '[::1]',
      '::1]:80/[',
      ':::',
      '1::2::3',
      '12345::',
      '203.0.113.7, 198.51.100.1',
      'gate.example',
      '::1/64',
    ]) {
      assert.equal(parseClient(address), null, address);
    }
  });
});
