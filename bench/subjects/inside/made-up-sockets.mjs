// Sockets for the formatter that no kernel has: the same ones as bench/limits/format-rows.c makes.

/** The columns of `count` sockets, in batches; `kind` is inet, inet6 or mixed, which takes turns. */
export function madeUpBatches(kind, count, { TableBuilder, columnSet, Family, Protocol }) {
  const number = numbers();
  const builder = new TableBuilder(
    columnSet([
      'protocol',
      'family',
      'state',
      'localAddress',
      'remoteAddress',
      'localPort',
      'remotePort',
      'recvQ',
      'sendQ',
    ]),
  );
  const batches = [];
  const queue = () => {
    const drawn = number();
    return drawn % 16 === 0 ? drawn >>> 12 : 0;
  };
  for (let index = 0; index < count; index += 1) {
    const row = builder.begin();
    const full = builder.take();
    if (full !== undefined) batches.push(full);
    const { to } = builder;
    const isInet = kind === 'inet' || (kind === 'mixed' && index % 2 === 0);
    to.protocol[row] = Protocol.tcp;
    to.family[row] = isInet ? Family.inet : Family.inet6;
    to.state[row] = 1 + (number() % 9);
    to.recvQ[row] = queue();
    to.sendQ[row] = queue();
    putAddress(to.localAddress, row, isInet, number);
    to.localPort[row] = number() | 1;
    putAddress(to.remoteAddress, row, isInet, number);
    to.remotePort[row] = number() | 1;
    builder.commit();
  }
  const last = builder.finish();
  return last === undefined ? batches : [...batches, last];
}

/** As columns have addresses: IPv4 as ::ffff:a.b.c.d. */
function putAddress(column, row, isInet, number) {
  const words = [0x20010db8, number(), 0, number()];
  if (isInet) words.splice(0, 3, 0, 0, 0xffff);
  const view = new DataView(column.buffer, column.byteOffset + 16 * row, 16);
  for (const [at, word] of words.entries()) view.setUint32(4 * at, word);
}

/** xorshift of 32 bits. */
function numbers() {
  let state = 2463534242;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
