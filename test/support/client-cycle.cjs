// What a program of somebody else's does, with a helper library as it is: `node client-cycle.cjs twilio-3` prints what it saw.
const library = process.argv[2];
const client = require(library)(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);
const { conversations } = client.conversations.v1;

async function cycle() {
  const { sid, url } = await conversations.create({ friendlyName: `From ${library}` });
  const { webhooks } = conversations(sid);
  const webhook = await webhooks.create({
    target: 'webhook',
    'configuration.url': 'https://example.com/hook',
    'configuration.filters': ['onMessageAdded'],
  });
  for (const body of ['one', 'two', 'three']) await conversations(sid).messages.create({ body });
  const messages = await conversations(sid).messages.list({ pageSize: 1 });
  const listed = await webhooks.list();
  await conversations(sid).remove();
  const gone = await conversations(sid)
    .fetch()
    .catch(({ status, code }) => ({ status, code }));
  return {
    url: url.replace(sid, '{sid}'),
    target: webhook.target,
    webhooks: listed.map((each) => each.sid === webhook.sid),
    messages: messages.map(({ body }) => body),
    gone,
  };
}

cycle().then(
  (seen) => console.log(JSON.stringify(seen)),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
