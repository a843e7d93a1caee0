/** `namespace shop`, `namespaces home, shop and 3 more`. */
export function spacesText(namespaces: readonly string[]): string {
  const more = namespaces.length - 3;
  const names = namespaces.slice(0, 3).join(', ');
  return `${namespaces.length === 1 ? 'namespace' : 'namespaces'} ${names}${more > 0 ? ` and ${more} more` : ''}`;
}
