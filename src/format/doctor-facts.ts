import type { HostFacts } from '../doctor/host-facts.ts';
import type { GroupLimit, ProcessLimit } from '../doctor/limit-facts.ts';
import { visible } from './doctor-text.ts';

type Line = readonly [label: string, text: string];

/** The facts for people, a line each; what cannot be told reads `?`. */
export function factLines(facts: HostFacts): Line[] {
  const { version, node, platform, arch, kernel, addon, container, bpf, files } = facts;
  const missing = Object.keys(files).filter((path) => !files[path]);
  const lines: Line[] = [
    ['version', `sockscope ${version}, Node.js ${node}, ${platform} ${arch} ${kernel}, ${libcText(facts)}`],
    ['addon', addon.path ?? `none: ${addon.reason}`],
    ['user', userText(facts)],
    ['capabilities', capabilitiesText(facts)],
    ['namespaces', namespacesText(facts)],
    [
      'container',
      container.kind === null ? 'no sign of one' : `${container.kind}: ${container.signs.join(', ')}`,
    ],
    ['proc', procText(facts)],
    [
      'bpf',
      `${bpf.hasBtf ? 'BTF' : 'no BTF'}, ${pinnedText(facts)}${bpf.lockdown === null ? '' : `, lockdown: ${bpf.lockdown}`}`,
    ],
    ['sandbox', sandboxText(facts)],
    ['limits', limitsText(facts)],
    [
      'names',
      missing.length === 0 ? `${Object.keys(files).join(', ')}` : `not to be seen: ${missing.join(', ')}`,
    ],
  ];
  return lines.map(([label, text]) => [label, visible(text)]);
}

function libcText({ libc: { name, version } }: HostFacts): string {
  return name === null ? 'C library: ?' : version === null ? name : `${name} ${version}`;
}

function userText({ user: { uid, effectiveUid, gid, groups } }: HostFacts): string {
  if (uid === null) return '?';
  const effective = effectiveUid === uid ? '' : `, in effect ${effectiveUid}`;
  return `${uid === 0 ? '0 (root)' : uid}${effective}, group ${gid}${groups.length === 0 ? '' : `, groups ${groups.join(', ')}`}`;
}

/** The shorter of both ways to say it. */
function capabilitiesText({ capabilities: names, lackingCapabilities: lacking }: HostFacts): string {
  if (names === null || lacking === null) return '?';
  if (names.length === 0) return 'none';
  if (lacking.length === 0) return 'all';
  return lacking.length < names.length ? `all but ${lacking.join(', ')}` : names.join(', ');
}

const RANKS = { first: "the host's", other: 'another', unknown: '?' } as const;

function namespacesText({ namespaces: { pid, user, net } }: HostFacts): string {
  return `pid: ${RANKS[pid.rank]}, user: ${RANKS[user.rank]}, network: ${RANKS[net.rank]}`;
}

function procText({
  proc: { path, isMounted, hasTables, hidepid, hidepidGroup, subset },
}: HostFacts): string {
  if (!isMounted && !hasTables) return `${path}: nothing is to be seen`;
  const words = [
    ...(isMounted ? [] : ['no processes']),
    ...(hasTables ? [] : ['no tables of the network']),
    ...(hidepid === null ? [] : [`hidepid=${hidepid}`]),
    ...(hidepidGroup === null ? [] : [`gid=${hidepidGroup}`]),
    ...(subset === null ? [] : [`subset=${subset}`]),
  ];
  return `${path}${words.length === 0 ? ', whole' : `: ${words.join(', ')}`}`;
}

function pinnedText({ bpf: { pinned } }: HostFacts): string {
  const readable = pinned.filter(({ isReadable }) => isReadable).map(({ path }) => path);
  return readable.length === 0
    ? 'no pinned iterator that may be read'
    : `an iterator is pinned at ${readable.join(', ')}`;
}

function sandboxText({ sandbox: { seccomp, noNewPrivileges, securityLabel } }: HostFacts): string {
  const privileges = noNewPrivileges === null ? '?' : noNewPrivileges ? 'set' : 'not set';
  const label = securityLabel === null ? '' : `, security label: ${securityLabel}`;
  return `seccomp: ${seccomp ?? '?'}, no_new_privs: ${privileges}${label}`;
}

function limitsText({ limits: { descriptors, processes, groupProcesses, groupMemory } }: HostFacts): string {
  return [
    `descriptors ${limitText(descriptors)}`,
    `processes ${limitText(processes)}`,
    `of the control group ${groupText(groupProcesses)}`,
    `memory of the control group ${groupText(groupMemory)}`,
  ].join(', ');
}

function limitText(limit: ProcessLimit | null): string {
  return limit === null ? '?' : String(limit.soft ?? 'unlimited');
}

function groupText(limit: GroupLimit | null): string {
  return limit === null ? 'unlimited' : String(limit.max);
}
