/** Where `sockscope pin` puts the iterator, and where it may have been put by hand: readers try these in turn. */
export const PINNED_PATHS = ['/run/sockscope/owners', '/sys/fs/bpf/sockscope/owners'] as const;
