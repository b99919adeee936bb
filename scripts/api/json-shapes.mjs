// The shapes of the JSON documents, from their types in src/format/json-documents.ts, as `jsonText` writes them: what is
// undefined is left out, and so are bytes; a bigint is digits.
import { join } from 'node:path';
import { ts } from './compiler.mjs';

const FILE = 'src/format/json-documents.ts';

/** The shape of each document, by the command line that asks for it. */
export function documentShapes(root) {
  const path = join(root, FILE);
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram([path], options);
  const checker = program.getTypeChecker();
  const broken = ts.getPreEmitDiagnostics(program, program.getSourceFile(path));
  if (broken.length > 0) throw new Error(ts.formatDiagnostics(broken, ts.createCompilerHost(options)));
  const module = checker.getSymbolAtLocation(program.getSourceFile(path));
  const documents = checker.getExportsOfModule(module).find(({ name }) => name === 'JsonDocuments');
  const shapes = new Shapes(checker);
  return new Map(
    checker
      .getDeclaredTypeOfSymbol(documents)
      .getProperties()
      .map((property) => [property.name, shapes.of(checker.getTypeOfSymbol(property))]),
  );
}

/**
 * A shape is `{ words }` (a value without parts), `{ items }`, `{ values }` (any keys), `{ fields }` or `{ oneOf }`; with
 * `isNullable` beside one of the latter it may be null instead.
 */
class Shapes {
  #checker;

  constructor(checker) {
    this.#checker = checker;
  }

  of(type) {
    const parts = this.#partsOf(type);
    const whole = parts.filter((part) => !isPlain(part));
    if (whole.length === 0) return { words: [...new Set(parts.map((part) => this.#words(part)))].sort() };
    const isNullable = parts.some(isNull);
    if (parts.some((part) => isPlain(part) && !isNull(part)))
      throw new Error(`a mixture: ${this.#checker.typeToString(type)}`);
    const objects = whole.map((part) => this.#object(part));
    const shape = objects.length === 1 ? objects[0] : { oneOf: objects };
    return isNullable ? { ...shape, isNullable } : shape;
  }

  /** What a value may be; `true` and `false` are one. */
  #partsOf(type) {
    if (!type.isUnion() || (type.flags & ts.TypeFlags.Boolean) !== 0) return [type];
    return type.types.filter(({ flags }) => (flags & ts.TypeFlags.Undefined) === 0);
  }

  #words(type) {
    if ((type.flags & ts.TypeFlags.BigIntLike) !== 0) return 'integer';
    if ((type.flags & ts.TypeFlags.BooleanLike) !== 0) return 'boolean';
    return this.#checker.typeToString(type);
  }

  #object(type) {
    if (this.#checker.isArrayLikeType(type))
      return { items: this.of(this.#checker.getTypeArguments(type)[0]) };
    const values = type.getStringIndexType();
    if (values !== undefined) return { values: this.of(values) };
    const fields = type.getProperties().flatMap((property) => this.#field(property));
    return { fields };
  }

  #field(property) {
    const type = this.#checker.getTypeOfSymbol(property);
    if (type.getSymbol()?.name === 'Uint8Array') return [];
    const { Optional } = ts.SymbolFlags;
    const isOptional =
      (property.flags & Optional) !== 0 ||
      (type.isUnion() && type.types.some(({ flags }) => (flags & ts.TypeFlags.Undefined) !== 0));
    return [{ name: property.name, isOptional, shape: this.of(type) }];
  }
}

function isPlain({ flags }) {
  const { StringLike, NumberLike, BigIntLike, BooleanLike, Null } = ts.TypeFlags;
  return (flags & (StringLike | NumberLike | BigIntLike | BooleanLike | Null)) !== 0;
}

function isNull({ flags }) {
  return (flags & ts.TypeFlags.Null) !== 0;
}
