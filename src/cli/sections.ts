import { type CommandRequest, INTERNET_PROTOCOLS, type InternetProtocol } from './command-request.ts';

/** What a listing shows, from top to bottom. */
export interface Listing {
  /** Internet and unix tables that are not there are neither reported nor an error. */
  readonly missingIsFine: boolean;
  /** Whether a section was asked for by name: then its missing kernel table ends the listing. */
  readonly explicit: boolean;
  /** Whether the tables of IPv4, of IPv6 are shown. */
  readonly inet: boolean;
  readonly inet6: boolean;
  readonly sections: readonly Section[];
}

export type Section =
  | { readonly kind: 'internet'; readonly protocols: readonly InternetProtocol[] }
  | { readonly kind: 'groups' }
  | { readonly kind: 'unix' }
  | { readonly kind: 'legacy'; readonly family: LegacyFamily }
  | { readonly kind: 'bluetooth' };

/** A family that Linux has given up or is about to: its name in messages, and the kernel's file. */
export interface LegacyFamily {
  readonly label: string;
  readonly file: string;
}

const LEGACY = {
  ipx: { label: 'AF IPX', file: 'ipx/socket' },
  ax25: { label: 'AF AX25', file: 'ax25' },
  x25: { label: 'AF X25', file: 'x25' },
  netrom: { label: 'AF NETROM', file: 'nr' },
  rose: { label: 'AF ROSE', file: 'rose' },
} as const satisfies Record<string, LegacyFamily>;

const LEGACY_FAMILIES = Object.keys(LEGACY) as readonly (keyof typeof LEGACY)[];

/** netstat's rules about what a request for sockets shows. */
export function planListing(request: CommandRequest): Listing {
  const asksInternetFamily = request.families.has('inet') || request.families.has('inet6');
  // A family without a protocol means all of its protocols, as far as the kernel has them.
  const missingIsFine = asksInternetFamily && request.protocols.size === 0;
  const protocols = missingIsFine ? new Set(INTERNET_PROTOCOLS) : request.protocols;
  const legacy = LEGACY_FAMILIES.filter((family) => request.families.has(family));
  const explicit =
    protocols.size > 0 ||
    legacy.length > 0 ||
    request.families.has('unix') ||
    request.groups ||
    request.bluetooth;
  const eitherFamily = !asksInternetFamily;
  return {
    missingIsFine,
    explicit,
    inet: eitherFamily || request.families.has('inet'),
    inet6: eitherFamily || request.families.has('inet6'),
    sections: explicit ? named(request, protocols, legacy) : everything(),
  };
}

function named(
  request: CommandRequest,
  protocols: ReadonlySet<InternetProtocol>,
  legacy: readonly (keyof typeof LEGACY)[],
): Section[] {
  const sections: Section[] = [];
  if (protocols.size > 0) {
    sections.push({
      kind: 'internet',
      protocols: INTERNET_PROTOCOLS.filter((protocol) => protocols.has(protocol)),
    });
  }
  if (request.groups) sections.push({ kind: 'groups' });
  if (request.families.has('unix')) sections.push({ kind: 'unix' });
  for (const family of legacy) sections.push({ kind: 'legacy', family: LEGACY[family] });
  if (request.bluetooth) sections.push({ kind: 'bluetooth' });
  return sections;
}

function everything(): Section[] {
  return [
    { kind: 'internet', protocols: INTERNET_PROTOCOLS },
    { kind: 'unix' },
    ...LEGACY_FAMILIES.map((family): Section => ({ kind: 'legacy', family: LEGACY[family] })),
  ];
}
