import { t as loadYaml } from "./install.js";

export { loadYaml };