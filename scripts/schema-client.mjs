// A small client for schema.mjs: GET with an Accept header of one's choice, which kubectl can't send.
import {request} from 'node:https';

/** @param config kubeconfig as JSON, with embedded credentials or files. */
export function connect(config) {
  const {clusters, users} = JSON.parse(config);
  const {server, 'certificate-authority-data': ca} = clusters[0].cluster;
  const {'client-certificate-data': cert, 'client-key-data': key, token} = users[0].user;
  const decode = (text) => text && Buffer.from(text, 'base64');
  const tls = {ca: decode(ca), cert: decode(cert), key: decode(key)};
  return (path, accept) =>
    new Promise((resolve, reject) => {
      const headers = {accept, ...(token ? {authorization: `Bearer ${token}`} : {})};
      const call = request(new URL(path, server), {...tls, headers}, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () =>
          response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`${path}: ${text}`)),
        );
      });
      call.on('error', reject);
      call.end();
    });
}
