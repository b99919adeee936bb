import { describe, expect, it } from 'vitest';
import { hostServices } from '../../../src/names/host-services.ts';

function words(line: string): string {
  return hostServices([line])
    .map(({ name, isFinal }) => (isFinal ? `${name}!` : name))
    .join(' ');
}

describe('the services for hosts', () => {
  it.each([
    ['hosts: files dns', 'files dns'],
    ['hosts:dns\tfiles', 'dns files'],
    ['hosts : dns', 'dns'],
    ['hosts:', ''],
    ['hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns', 'files dns'],
    ['hosts: files mdns4_minimal [NOTFOUND=return] dns', 'files dns'],
    ['hosts: files [NOTFOUND=return] dns', 'files! dns'],
    ['hosts: files[notfound=RETURN]dns', 'files! dns'],
    ['hosts: dns [SUCCESS=continue] [!SUCCESS=return] files', 'dns! files'],
    ['hosts: dns [!UNAVAIL=return] files', 'dns! files'],
    ['hosts: dns [!NOTFOUND=return] files', 'dns files'],
    ['hosts: dns [NOTFOUND=return NOTFOUND=continue] files', 'dns files'],
    ['hosts: files [TRYAGAIN=return] dns', 'files dns'],
    ['hostsx: dns', 'files dns'],
    ['passwd: files', 'files dns'],
  ])('%s', (line, expected) => {
    expect(words(line)).toBe(expected);
  });

  it('are those of the last line that names them', () => {
    expect(hostServices(['hosts: dns', 'hosts: files']).map(({ name }) => name)).toEqual(['files']);
  });
});
