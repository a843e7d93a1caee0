// The bundle's `undici`: the three things that kubekata and client-node use. The package's own entry also loads fetch,
// WebSocket, caches, mocks and SQLite (950 kB; 60 ms before the first request). A name that is missing here fails the
// build, and a moved file too.
import apiRequest from '../node_modules/undici/lib/api/api-request.js';
import util from '../node_modules/undici/lib/core/util.js';
import Agent from '../node_modules/undici/lib/dispatcher/agent.js';
import Dispatcher from '../node_modules/undici/lib/dispatcher/dispatcher.js';
import ProxyAgent from '../node_modules/undici/lib/dispatcher/proxy-agent.js';

// The package's entry gives dispatchers their methods.
Dispatcher.prototype.request = apiRequest;

export {Agent, ProxyAgent};

/** As the package's `request` with an address as text and a dispatcher, which it otherwise finds by itself. */
export function request(address, {dispatcher, method, ...options}) {
  const {origin, pathname, search} = util.parseURL(address);
  return dispatcher.request({...options, origin, path: `${pathname}${search}`, method: method ?? 'GET'});
}
