import { n as getExecOutput, t as exec } from "./vendor-actions-exec.js";

export { exec, getExecOutput };