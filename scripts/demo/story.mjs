// What happens in `npm run demo`: scenes, each with what should be in the slots after it. The lines of a scene follow each
// other without a pause; half a minute passes between scenes. The policy is policy.json.

const bot = ['router', 'bot', 'sos'];
const agent = ['router', 'sos', 'crm'];

const customer = (what, more) => ({
  who: 'customer',
  what,
  act: (stage) => stage.customerWrites(what),
  ...more,
});
const ann = (what) => ({ who: 'Ann', what, act: (stage) => stage.write('Ann', what) });
const event = (who, what, act) => ({ who, what, silent: true, act });

export const story = [
  {
    // An unknown number: the message is there before any webhook is.
    lines: [customer('Hello, where is my order?')],
    slots: bot,
  },
  { lines: [customer('It is number A-123456.')], slots: bot },
  {
    // The bot is replaced; Studio attaches it again, as some report.
    lines: [customer('I need a human.', { asks: true }), customer('And it is urgent!')],
    slots: agent,
  },
  {
    lines: [event('Ann', 'joins', (stage) => stage.join('Ann')), ann('Ann here. I am looking.')],
    slots: agent,
  },
  {
    // The same words again, after the hand-off.
    lines: [customer('A human! Thank you.')],
    slots: agent,
  },
  {
    lines: [event('Ann', 'closes the conversation', (stage) => stage.close())],
    slots: ['router'],
  },
];
