export interface HostService {
  readonly name: 'files' | 'dns';
  /** What it does not know is not looked up in the services behind it. */
  readonly isFinal: boolean;
}

const DEFAULT: readonly HostService[] = [
  { name: 'files', isFinal: false },
  { name: 'dns', isFinal: false },
];

/** The services that nsswitch.conf(5) names for hosts, of those there are; glibc's own order where it names none. */
export function hostServices(lines: Iterable<string>): readonly HostService[] {
  let services = DEFAULT;
  for (const line of lines) {
    const match = /^hosts[ \t\v\f\r]*:(.*)$/.exec(line);
    if (match !== null) services = servicesOf(match[1]!);
  }
  return services;
}

function servicesOf(text: string): HostService[] {
  const services: HostService[] = [];
  for (const [, name, action = ''] of text.matchAll(/([^\s[\]]+)\s*((?:\[[^\]]*\]\s*)*)/g)) {
    if (name === 'files' || name === 'dns') services.push({ name, isFinal: endsUnknown(action) });
  }
  return services;
}

/** Whether actions, such as `[NOTFOUND=return]`, end the search for a name that a service does not know. */
function endsUnknown(actions: string): boolean {
  let ends = false;
  for (const [, not, status, what] of actions.toLowerCase().matchAll(/(!?)([a-z]+)=([a-z]+)/g)) {
    if ((status === 'notfound') !== (not === '!')) ends = what === 'return';
  }
  return ends;
}
