/** The part of postject that is used; the package has no types. */
declare module 'postject' {
  /** Adds data to an executable, and sets the fuse that makes the program look for it. */
  export function inject(
    program: string,
    name: string,
    data: Buffer,
    options: { readonly sentinelFuse: string },
  ): Promise<void>;
}
