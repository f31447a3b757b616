/*
 * The parts of undici that send requests, imported one by one: its entry point also loads fetch,
 * WebSocket and mocks, which takes 14 ms more on the way to the first request.
 */
import requests from 'undici/lib/api/index.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';

// As its entry point does.
Object.assign(Dispatcher.prototype, requests);

export { Agent, Pool, ProxyAgent };
