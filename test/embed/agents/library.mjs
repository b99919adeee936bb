// The library as a bundle that exports it.
export * from 'sockscope';
