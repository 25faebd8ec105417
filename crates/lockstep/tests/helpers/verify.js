// Judges deliveries with the vendors' own packages, and signs where a package can. Reads one JSON object, writes one.
const { shopifyApi } = require('@shopify/shopify-api');
require('@shopify/shopify-api/adapters/node');
const { WebhooksHelper } = require('square');
const { Webhook } = require('standardwebhooks');

async function judge({ platform, secret, url, headers, body }) {
  if (platform === 'shopify') {
    const api = shopifyApi({
      apiKey: 'key', apiSecretKey: secret, scopes: [], hostName: 'hub.example', apiVersion: '2026-10',
      isEmbeddedApp: false, logger: { log: () => {} },
    });
    const judged = await api.webhooks.validate({ rawBody: body, rawRequest: { method: 'POST', url: '/', headers } });
    return judged.valid;
  }
  if (platform === 'square') {
    const signatureHeader = headers['x-square-hmacsha256-signature'];
    return WebhooksHelper.verifySignature({ requestBody: body, signatureHeader, signatureKey: secret, notificationUrl: url });
  }
  try {
    // The library wants the base64 of what the vendor uses as it is.
    new Webhook(Buffer.from(secret).toString('base64')).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

async function main() {
  const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));
  const valid = [];
  for (const delivery of asked.deliveries) valid.push(await judge(delivery));
  const { id, secret, body } = asked.sign;
  const at = new Date();
  const signature = new Webhook(Buffer.from(secret).toString('base64')).sign(id, at, body);
  process.stdout.write(JSON.stringify({ valid, signed: { at_s: Math.floor(at.getTime() / 1000), signature } }));
}

main().catch((error) => { console.error(error); process.exit(1); });
