// Changes made to dependencies while bundling. Each asserts that it still finds what it replaces.
export const plugins = [];
