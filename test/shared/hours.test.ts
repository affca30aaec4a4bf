import { expect } from 'chai';
import { openAt, parseHours, type Schedule } from '../../src/shared/hours.js';

function schedule(hours: string | null, timeZone: string | null, closedOn?: string): Schedule {
  const parsed = parseHours(hours, timeZone, closedOn ?? null);
  if ('issue' in parsed) throw new Error(parsed.issue);
  return parsed;
}

function issue(hours: string | null, timeZone: string | null, closedOn?: string): string {
  const parsed = parseHours(hours, timeZone, closedOn ?? null);
  if ('issue' in parsed) return parsed.issue;
  throw new Error('no issue found');
}

/** `open` or `closed` at a moment, and when that changes, both in ISO 8601. */
function at(times: Schedule, moment: string): string {
  const { open, changesAt } = openAt(times, Date.parse(moment));
  const until = changesAt === null ? 'never' : new Date(changesAt).toISOString().slice(0, 16);
  return `${open ? 'open' : 'closed'} until ${until}`;
}

describe('opening hours', () => {
  const office = 'Mo-Fr 09:00-17:30; Sa,Su 10:00-14:00';

  it('follow days, ranges of days and lists of days', () => {
    const times = schedule(office, 'UTC');
    // 2026-11-16 is a Monday
    expect(at(times, '2026-11-16T08:59:59.999Z')).to.equal('closed until 2026-11-16T09:00');
    expect(at(times, '2026-11-16T09:00Z')).to.equal('open until 2026-11-16T17:30');
    expect(at(times, '2026-11-16T17:29:59.999Z')).to.equal('open until 2026-11-16T17:30');
    expect(at(times, '2026-11-16T17:30Z')).to.equal('closed until 2026-11-17T09:00');
    expect(at(times, '2026-11-20T18:00Z')).to.equal('closed until 2026-11-21T10:00');
    expect(at(times, '2026-11-22T13:00Z')).to.equal('open until 2026-11-22T14:00');
    expect(at(times, '2026-11-22T14:00Z')).to.equal('closed until 2026-11-23T09:00');
  });

  it('take lists of times, days without times and ranges of days across the weekend', () => {
    const lunch = schedule('Mo 09:00-12:00, 13:00-17:00', 'UTC');
    expect(at(lunch, '2026-11-16T11:00Z')).to.equal('open until 2026-11-16T12:00');
    expect(at(lunch, '2026-11-16T12:30Z')).to.equal('closed until 2026-11-16T13:00');
    expect(at(lunch, '2026-11-16T18:00Z')).to.equal('closed until 2026-11-23T09:00');
    const weekend = schedule('Sa-Mo', 'UTC');
    expect(at(weekend, '2026-11-20T12:00Z')).to.equal('closed until 2026-11-21T00:00');
    expect(at(weekend, '2026-11-21T00:00Z')).to.equal('open until 2026-11-24T00:00');
  });

  it('do not mind case, spaces, one-digit hours and a last semicolon', () => {
    const times = schedule('  mO - fr , SU  9:00 - 17:30 ;  ', 'UTC');
    expect(at(times, '2026-11-16T09:00Z')).to.equal('open until 2026-11-16T17:30');
    expect(at(times, '2026-11-20T18:00Z')).to.equal('closed until 2026-11-22T09:00');
  });

  it('run past midnight, and past the end of the week', () => {
    const bar = schedule('Fr,Su 22:00-02:00', 'UTC');
    expect(at(bar, '2026-11-20T23:59Z')).to.equal('open until 2026-11-21T02:00');
    expect(at(bar, '2026-11-21T01:59Z')).to.equal('open until 2026-11-21T02:00');
    expect(at(bar, '2026-11-21T02:00Z')).to.equal('closed until 2026-11-22T22:00');
    expect(at(bar, '2026-11-23T01:00Z')).to.equal('open until 2026-11-23T02:00');
    expect(at(bar, '2026-11-23T02:00Z')).to.equal('closed until 2026-11-27T22:00');
  });

  it('end at 24:00, and go on without a gap where the next day opens at 00:00', () => {
    const times = schedule('Mo 20:00-24:00; Tu 00:00-01:00; We 20:00-00:00', 'UTC');
    expect(at(times, '2026-11-16T21:00Z')).to.equal('open until 2026-11-17T01:00');
    expect(at(times, '2026-11-18T21:00Z')).to.equal('open until 2026-11-19T00:00');
  });

  it('join overlapping ranges', () => {
    const times = schedule('Mo 09:00-13:00; Mo 12:00-18:00; Mo 10:00-11:00', 'UTC');
    expect(at(times, '2026-11-16T09:30Z')).to.equal('open until 2026-11-16T18:00');
  });

  it('are always open without text, with or without a zone', () => {
    for (const text of [null, '', '  ', 'Mo-Su', 'Mo-Su 00:00-24:00']) {
      const times = schedule(text, 'Asia/Tokyo');
      expect(at(times, '2026-11-16T21:00Z'), String(text)).to.equal('open until never');
    }
    expect(at(schedule('', null), '2026-11-16T21:00Z')).to.equal('open until never');
    expect(at(schedule(null, ''), '2026-11-16T21:00Z')).to.equal('open until never');
  });

  describe('in their zone', () => {
    it('skip the hour that daylight saving time skips', () => {
      // Berlin 2026-03-29: 02:00 CET becomes 03:00 CEST at 01:00 UTC
      const berlin = schedule('Su 01:00-05:00', 'Europe/Berlin');
      expect(at(berlin, '2026-03-28T12:00Z')).to.equal('closed until 2026-03-29T00:00');
      expect(at(berlin, '2026-03-29T00:30Z')).to.equal('open until 2026-03-29T03:00');
      // a range that starts or ends inside that hour starts or ends with it
      expect(at(schedule('Su 02:30-05:00', 'Europe/Berlin'), '2026-03-28T12:00Z')).to.equal(
        'closed until 2026-03-29T01:00',
      );
      expect(at(schedule('Su 01:00-02:30', 'Europe/Berlin'), '2026-03-29T00:30Z')).to.equal(
        'open until 2026-03-29T01:00',
      );
    });

    it('repeat the hour that its end repeats', () => {
      // Berlin 2026-10-25: 03:00 CEST becomes 02:00 CET at 01:00 UTC
      const berlin = schedule('Su 01:00-05:00', 'Europe/Berlin');
      expect(at(berlin, '2026-10-24T12:00Z')).to.equal('closed until 2026-10-24T23:00');
      expect(at(berlin, '2026-10-25T00:30Z')).to.equal('open until 2026-10-25T04:00');
      // 02:00 to 02:30 comes twice
      const half = schedule('Su 02:00-02:30', 'Europe/Berlin');
      expect(at(half, '2026-10-24T12:00Z')).to.equal('closed until 2026-10-25T00:00');
      expect(at(half, '2026-10-25T00:00Z')).to.equal('open until 2026-10-25T00:30');
      expect(at(half, '2026-10-25T00:45Z')).to.equal('closed until 2026-10-25T01:00');
      expect(at(half, '2026-10-25T01:15Z')).to.equal('open until 2026-10-25T01:30');
    });

    it('open at the same wall-clock time on both sides of a change', () => {
      const newYork = schedule('Mo-Su 09:00-17:00', 'America/New_York');
      expect(at(newYork, '2026-10-31T22:00Z')).to.equal('closed until 2026-11-01T14:00');
      expect(at(newYork, '2026-10-30T22:00Z')).to.equal('closed until 2026-10-31T13:00');
    });

    it('shift by half an hour where the zone does', () => {
      // Lord Howe 2026-04-05: +11 becomes +10:30 at 15:00 UTC of the day before
      const island = schedule('Su 01:00-03:00', 'Australia/Lord_Howe');
      expect(at(island, '2026-04-04T10:00Z')).to.equal('closed until 2026-04-04T14:00');
      expect(at(island, '2026-04-04T14:30Z')).to.equal('open until 2026-04-04T16:30');
    });

    it('know offsets of half and quarter hours', () => {
      const noon = 'Mo 12:00-13:00';
      expect(at(schedule(noon, 'Asia/Kolkata'), '2026-11-16T00:00Z')).to.equal(
        'closed until 2026-11-16T06:30',
      );
      expect(at(schedule(noon, 'Asia/Kathmandu'), '2026-11-16T00:00Z')).to.equal(
        'closed until 2026-11-16T06:15',
      );
      // a Monday noon that is still Sunday in UTC
      expect(at(schedule(noon, 'Pacific/Chatham'), '2026-11-15T00:00Z')).to.equal(
        'closed until 2026-11-15T22:15',
      );
    });
  });

  describe('on closed dates', () => {
    it('are closed all day, in the date of the zone', () => {
      // 2026-12-25 is a Friday; in Auckland it begins at 11:00 UTC of the day before
      const times = schedule('Mo-Su', 'Pacific/Auckland', '2026-12-25, 2026-12-26');
      expect(at(times, '2026-12-24T10:59Z')).to.equal('open until 2026-12-24T11:00');
      expect(at(times, '2026-12-24T11:00Z')).to.equal('closed until 2026-12-26T11:00');
    });

    it('leave a day out of the week', () => {
      const times = schedule(office, 'UTC', '2026-12-25 2026-12-26\n2026-12-27');
      expect(at(times, '2026-12-24T18:00Z')).to.equal('closed until 2026-12-28T09:00');
    });

    it('end a night at midnight, and let none begin', () => {
      const times = schedule('Th,Fr 22:00-02:00', 'UTC', '2026-12-25');
      expect(at(times, '2026-12-24T23:00Z')).to.equal('open until 2026-12-25T00:00');
      expect(at(times, '2026-12-25T01:00Z')).to.equal('closed until 2026-12-31T22:00');
      expect(at(times, '2026-12-26T01:00Z')).to.equal('closed until 2026-12-31T22:00');
    });

    it('need a zone, but no hours', () => {
      const times = schedule(null, 'UTC', '2026-12-25');
      expect(at(times, '2026-12-24T10:00Z')).to.equal('open until 2026-12-25T00:00');
      expect(at(times, '2026-12-25T10:00Z')).to.equal('closed until 2026-12-26T00:00');
      expect(issue(null, null, '2026-12-25')).to.equal('time-zone: ""');
    });

    it('can be every day of the coming year', () => {
      const start = Date.parse('2026-01-01T00:00Z');
      const dates = Array.from({ length: 400 }, (_, day) =>
        new Date(start + day * 86_400_000).toISOString().slice(0, 10),
      );
      const times = schedule('Mo-Su 09:00-17:00', 'UTC', dates.join(','));
      expect(at(times, '2026-01-01T12:00Z')).to.equal('closed until never');
      expect(at(times, '2026-02-08T12:00Z')).to.equal('closed until 2027-02-05T09:00');
    });
  });

  describe('agree with a search minute by minute', () => {
    const cases: [hours: string, zone: string, closedOn: string, from: string][] = [
      [office, 'Europe/Berlin', '2026-03-30', '2026-03-27T00:00Z'],
      ['Sa 23:30-03:15; Su 01:59-02:01', 'Europe/London', '', '2026-10-23T00:00Z'],
      ['Mo-Su 22:07-02:13', 'Australia/Lord_Howe', '2026-10-04', '2026-10-02T00:00Z'],
      ['Su-Tu 00:00-24:00; We 05:00-04:59', 'Asia/Kathmandu', '2026-11-17', '2026-11-14T00:00Z'],
      ['Sa,Su 23:00-01:00', 'America/St_Johns', '2026-11-01', '2026-10-30T00:00Z'],
    ];
    for (const [hours, zone, closedOn, from] of cases) {
      it(`${hours} in ${zone}`, () => {
        const times = schedule(hours, zone, closedOn);
        let { open, changesAt } = openAt(times, Date.parse(from));
        for (let minute = 1; minute < 6 * 1440; minute++) {
          const time = Date.parse(from) + minute * 60_000;
          const now = openAt(times, time).open;
          expect(now, new Date(time).toISOString()).to.equal(time === changesAt ? !open : open);
          if (now !== open) ({ open, changesAt } = openAt(times, time));
        }
      });
    }
  });

  describe('that cannot be read', () => {
    const malformed = [
      '9-5',
      'always',
      'Mo-Fr 09:00',
      'Mo-Fr 09:00-25:00',
      'Mo-Fr 09:60-17:00',
      'Mo-Fr 24:00-02:00',
      'Mo-Fr 09:00-24:30',
      'Mo-Fr 00:00-00:00',
      'Mo-Fr 09:00-17:00,',
      'Mo-Fr 09:00-17:00-19:00',
      'Mo-We-Fr 09:00-17:00',
      'Mo- 09:00-17:00',
      'Monday 09:00-17:00',
      'Mo,,Tu 09:00-17:00',
      ',Mo 09:00-17:00',
      '09:00-17:00',
      'Mo–Fr 09:00–17:00',
      'Mo 09:00-17:00 off',
      'Mo 09:00-17:00;;Tu 09:00-17:00',
      ';',
    ];
    for (const hours of malformed) {
      it(`are an issue, not an exception: ${hours}`, () => {
        expect(issue(hours, 'UTC')).to.match(/^hours: "/);
      });
    }

    it('are quoted rule by rule', () => {
      expect(issue('Mo 09:00-17:00; Tx 09:00-17:00', 'UTC')).to.equal('hours: "tx09:00-17:00"');
    });

    it('include zones that are missing or unknown', () => {
      for (const zone of [null, '', ' ', 'Europe/Atlantis', 'Berlin', '../etc']) {
        expect(issue(office, zone)).to.equal(`time-zone: "${zone ?? ''}"`);
      }
    });

    it('include dates that do not exist or are no dates', () => {
      for (const date of ['2026-02-30', '2026-13-01', '25.12.2026', '2026', 'christmas', '1']) {
        expect(issue(office, 'UTC', `2026-12-25, ${date}`)).to.equal(`closed-on: "${date}"`);
      }
    });
  });
});
