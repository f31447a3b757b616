import { t as decodeJwt } from "./vendor-jose.js";

export { decodeJwt };