/** Of the threads that a host's scans have for themselves, beside other work: `low` is ten nice levels below. */
export type Priority = 'normal' | 'low';

export const PRIORITIES: readonly Priority[] = ['normal', 'low'];
