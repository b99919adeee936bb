import { unknownLegacyState } from './netstat-legacy-quirks.ts';

/** The word of a state, blanks behind it up to 11 bytes. */
export function stateCell(words: readonly string[], state: number): string {
  return (words[state] ?? unknownLegacyState()).padEnd(11);
}

/** `received/sent`, each with zeros in front up to `digits`. */
export function sequenceCells(received: number, sent: number, digits: number): string {
  return `${zeroPadded(received, digits)}/${zeroPadded(sent, digits)}`;
}

/** The two queues, which end a row. */
export function queueCells(sendQ: number, recvQ: number): string {
  return `${String(sendQ).padEnd(6)}  ${String(recvQ).padEnd(6)}`;
}

/** A sign counts as a digit. */
function zeroPadded(value: number, digits: number): string {
  if (value >= 0) return String(value).padStart(digits, '0');
  return `-${String(-value).padStart(digits - 1, '0')}`;
}
