import { r as __toESM } from "./rolldown-runtime.js";
import { a as require_dispatcher, i as require_pool, n as require_proxy_agent, r as require_agent, t as require_api } from "./vendor-undici.js";

// src/http/undici.ts
var import_api = /* @__PURE__ */ __toESM(require_api(), 1);
var import_agent = /* @__PURE__ */ __toESM(require_agent(), 1);
var import_dispatcher = /* @__PURE__ */ __toESM(require_dispatcher(), 1);
var import_pool = /* @__PURE__ */ __toESM(require_pool(), 1);
var import_proxy_agent = /* @__PURE__ */ __toESM(require_proxy_agent(), 1);
Object.assign(import_dispatcher.default.prototype, import_api.default);

var Agent = import_agent.default;
var Pool = import_pool.default;
var ProxyAgent = import_proxy_agent.default;
export { Agent, Pool, ProxyAgent };