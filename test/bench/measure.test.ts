import fc from 'fast-check';
import { interleave, ratio, spread } from '../../bench/measure';
import { figure, print, target, times } from '../../bench/table';

describe('spread', () => {
  test('returns the median and the quartiles', () => {
    expect(spread([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4, count: 5 });
    expect(spread([1, 2, 3, 4])).toEqual({ median: 2.5, low: 1.75, high: 3.25, count: 4 });
    expect(spread([7])).toEqual({ median: 7, low: 7, high: 7, count: 1 });
  });

  test('orders low, median and high, with at least half of the values between low and high', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 });
    fc.assert(
      fc.property(values, (given) => {
        const { low, median, high } = spread(given);
        expect(low).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(high);
        const between = given.filter((value) => value >= low && value <= high);
        // The quartiles may lie between two values.
        expect(between.length * 2).toBeGreaterThanOrEqual(given.length - 2);
      }),
    );
  });

  test('throws without values', () => {
    expect(() => spread([])).toThrow('nothing was measured');
  });
});

describe('ratio', () => {
  test('is computed per round, so a slow round cancels out', () => {
    expect(ratio([1, 10, 100], [4, 40, 400])).toEqual({ median: 0.25, low: 0.25, high: 0.25, count: 3 });
  });

  test('throws for different numbers of rounds', () => {
    expect(() => ratio([1, 2], [1])).toThrow('same rounds');
  });
});

describe('interleave', () => {
  test('measures each once a round in alternating order, after a round that does not count', async () => {
    const order: string[] = [];
    const subject = (name: string) => () => {
      order.push(name);
      return order.length;
    };
    const measured = await interleave(2, { a: subject('a'), b: subject('b') });
    expect(order.join('')).toBe('abbaab');
    expect(measured).toEqual({ a: [4, 5], b: [3, 6] });
  });
});

describe('tables', () => {
  test('prints aligned Markdown', () => {
    const section = {
      title: 'T',
      meaning: 'M.',
      head: ['a', 'bb'],
      rows: [
        ['1', 'ü'],
        ['333', ''],
      ],
    };
    expect(print(section).split('\n')).toEqual([
      '## T',
      '',
      'M.',
      '',
      '| a   | bb |',
      '|-----|----|',
      '| 1   | ü  |',
      '| 333 |    |',
    ]);
  });

  test.each([
    [0, '0'],
    [0.0123456, '0.012'],
    [1.2345, '1.23'],
    [12.345, '12.3'],
    [1234.5, '1235'],
  ])('prints %d as %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });

  test('prints the spread, and whether a target was met', () => {
    expect(times(spread([1, 2, 3, 4, 5]))).toBe('3.00 (2.00 to 4.00)');
    expect([target('at most 2', true), target('at most 2', false)]).toEqual([
      'at most 2: yes',
      'at most 2: NO',
    ]);
  });
});
