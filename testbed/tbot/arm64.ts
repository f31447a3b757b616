/** Address at which the program is loaded, aligned to the largest page size of arm64 (64 KiB). */
const base = 0x400000n;

/** Sizes of the ELF header and of one program header (elf(5)). */
const headerSize = 64;
const programHeaderSize = 56;

/**
 * Returns a static ELF program for Linux arm64 that runs `/bin/sh SCRIPT` with its own argument vector:
 * `$1` of the script is the path of the program, and its arguments follow.
 */
export function arm64Program(script: string): Buffer {
  const shell = Buffer.from('/bin/sh\0');
  const shellAt = instructions(0, 0).length * 4;
  const code = instructions(shellAt, shellAt + shell.length);
  const body = Buffer.alloc(shellAt);
  for (const [index, instruction] of code.entries()) body.writeUInt32LE(instruction, index * 4);
  return withHeaders(Buffer.concat([body, shell, Buffer.from(`${script}\0`)]));
}

/**
 * Returns the machine code (Arm Architecture Reference Manual, A64), given the positions of both strings.
 * On entry, the stack holds argc, the argument vector, a null pointer and the environment. The code
 * puts the two strings in front of the arguments, in place of argc and below it.
 */
function instructions(shell: number, script: number): readonly number[] {
  return [
    0xf94003e3, // ldr x3, [sp]: argc
    0xd10043ff, // sub sp, sp, #16
    addressOf(0, 2, shell), // adr x0, shell
    0xf90007e0, // str x0, [sp, #8]
    addressOf(4, 4, script), // adr x4, script
    0xf9000be4, // str x4, [sp, #16]
    0x910023e1, // add x1, sp, #8: the new argument vector
    0x8b030c22, // add x2, x1, x3, lsl #3
    0x91006042, // add x2, x2, #24: the environment
    0xd2801ba8, // mov x8, #221: execve
    0xd4000001, // svc #0
    0xd2800fe0, // mov x0, #127
    0xd2800ba8, // mov x8, #93: exit
    0xd4000001, // svc #0
  ];
}

/** Returns `adr`, which loads the address of a position into a register. */
function addressOf(register: number, index: number, position: number): number {
  const distance = position - index * 4;
  return (0x10000000 | ((distance & 3) << 29) | ((distance >> 2) << 5) | register) >>> 0;
}

/** Adds the headers of a program that is loaded in one readable and executable segment. */
function withHeaders(body: Buffer): Buffer {
  const start = headerSize + programHeaderSize;
  const size = BigInt(start + body.length);
  const header = Buffer.alloc(start);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(header); // 64 bits, little-endian
  header.writeUInt16LE(2, 16); // an executable
  header.writeUInt16LE(183, 18); // arm64
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(base + BigInt(start), 24); // entry point
  header.writeBigUInt64LE(BigInt(headerSize), 32); // position of the program header
  header.writeUInt16LE(headerSize, 52);
  header.writeUInt16LE(programHeaderSize, 54);
  header.writeUInt16LE(1, 56);
  header.writeUInt32LE(1, headerSize); // loaded
  header.writeUInt32LE(5, headerSize + 4); // readable and executable
  for (const at of [16, 24]) header.writeBigUInt64LE(base, headerSize + at);
  for (const at of [32, 40]) header.writeBigUInt64LE(size, headerSize + at);
  header.writeBigUInt64LE(0x10000n, headerSize + 48);
  return Buffer.concat([header, body]);
}
