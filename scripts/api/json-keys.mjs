// The keys of JSON documents as paths: `sockets[].local.port?`. `[]` stands for every item, `*` for every key of an object
// that has names for keys; where objects differ, what tells them apart stands in brackets: `addresses[family="inet"]`.

/** Every key that a shape may have, a line each with what it holds. */
export function keyLines(shape) {
  return [...lines(shape, '', false)];
}

function* lines(shape, path, isOptional) {
  if (shape.words !== undefined) {
    yield `${path}${isOptional ? '?' : ''}: ${shape.words.join(' | ')}`;
    return;
  }
  if (isOptional) yield `${path}?`;
  if (shape.isNullable) yield `${path}: null`;
  if (shape.items !== undefined) yield* lines(shape.items, `${path}[]`, false);
  else if (shape.values !== undefined) yield* lines(shape.values, `${path}.*`, false);
  else if (shape.fields !== undefined) {
    for (const field of shape.fields) yield* lines(field.shape, join(path, field.name), field.isOptional);
  } else for (const one of shape.oneOf) yield* lines(one, `${path}${selector(one)}`, false);
}

function join(path, name) {
  return path === '' ? name : `${path}.${name}`;
}

/** The field that has but one value, if there is one. */
function selector({ fields }) {
  const field = fields.find(({ shape }) => shape.words?.length === 1 && /^["\d]/.test(shape.words[0]));
  return field === undefined ? '' : `{${field.name}=${field.shape.words[0]}}`;
}

/** What a document has that its shape has not, or lacks, in words; adds the lines of the keys it has to `seen`. */
export function misfits(shape, value, seen, path = '', isOptional = false) {
  if (shape.words !== undefined) {
    seen.add(`${path}${isOptional ? '?' : ''}: ${shape.words.join(' | ')}`);
    return shape.words.some((word) => fits(word, value)) ? [] : [`${path} is ${JSON.stringify(value)}`];
  }
  if (value === null && shape.isNullable) {
    seen.add(`${path}: null`);
    return [];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== (shape.items !== undefined)) {
    return [`${path} is ${JSON.stringify(value)}`];
  }
  if (isOptional) seen.add(`${path}?`);
  if (shape.items !== undefined)
    return value.flatMap((item) => misfits(shape.items, item, seen, `${path}[]`));
  if (shape.values !== undefined) {
    return Object.values(value).flatMap((item) => misfits(shape.values, item, seen, `${path}.*`));
  }
  if (shape.fields !== undefined) return fieldMisfits(shape.fields, value, seen, path);
  const tries = shape.oneOf.map((one) => {
    const own = new Set();
    return { own, found: misfits(one, value, own, `${path}${selector(one)}`) };
  });
  const fitting = tries.find(({ found }) => found.length === 0);
  for (const line of fitting?.own ?? []) seen.add(line);
  return fitting === undefined ? tries.flatMap(({ found }) => found) : [];
}

function fieldMisfits(fields, value, seen, path) {
  const strangers = Object.keys(value).filter((key) => !fields.some(({ name }) => name === key));
  return [
    ...strangers.map((key) => `${join(path, key)} is not told of`),
    ...fields.flatMap(({ name, isOptional, shape }) => {
      if (name in value) return misfits(shape, value[name], seen, join(path, name), isOptional);
      return isOptional ? [] : [`${join(path, name)} is missing`];
    }),
  ];
}

/** Whether a value is what a word of a shape says: a kind of value, or the value as TypeScript writes it. */
function fits(word, value) {
  if (word === 'integer') return Number.isInteger(value);
  if (['string', 'number', 'boolean'].includes(word)) return typeof value === word;
  if (word.startsWith('`'))
    return new RegExp(`^${word.slice(1, -1).replace('${number}', '\\d+')}$`).test(value);
  return word === JSON.stringify(value);
}
