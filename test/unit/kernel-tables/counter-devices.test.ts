import { describe, expect, it } from 'vitest';
import { deviceGroups, parseDeviceCounters } from '../../../src/kernel-tables/device-counters.ts';

const TEXT = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    1    2    3    4    5     6          7         8  9 10 11 12 13 14 15 16
  eth0:18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
wlan0:1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 17
`;

describe('counters of interfaces', () => {
  it('are read by the columns of /proc/net/dev', () => {
    const devices = parseDeviceCounters(Buffer.from(TEXT));
    expect([...devices.keys()]).toEqual(['lo', 'eth0', 'wlan0']);
    expect(devices.get('lo')).toEqual({
      rxBytes: 1n,
      rxPackets: 2n,
      rxErrors: 3n,
      rxDropped: 4n,
      rxFifo: 5n,
      rxFrame: 6n,
      rxCompressed: 7n,
      multicast: 8n,
      txBytes: 9n,
      txPackets: 10n,
      txErrors: 11n,
      txDropped: 12n,
      txFifo: 13n,
      collisions: 14n,
      txCarrier: 15n,
      txCompressed: 16n,
    });
    expect(devices.get('eth0')?.rxBytes).toBe(2n ** 64n - 1n);
    expect(devices.get('wlan0')?.txCompressed).toBe(17n);
  });

  it('are groups with packets and bytes in front', () => {
    const [lo] = deviceGroups(parseDeviceCounters(Buffer.from(TEXT)));
    expect(lo?.name).toBe('lo');
    expect(lo?.counters).toHaveLength(16);
    expect(lo?.counters.slice(0, 3)).toEqual([
      { name: 'rxPackets', value: 2n },
      { name: 'rxBytes', value: 1n },
      { name: 'rxErrors', value: 3n },
    ]);
    expect(lo?.counters[8]).toEqual({ name: 'txPackets', value: 10n });
  });
});
