type Attributes = Readonly<Record<string, string | number>>;

/** An element of an SVG; children are elements, or `text`. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${text(typeof value === 'number' ? rounded(value) : value)}"`)
    .join('');
  const open = `<${name}${written}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

/** Text as markup has it. */
export function text(plain: string): string {
  return plain
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A tenth of a pixel is as fine as anybody sees. */
function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
