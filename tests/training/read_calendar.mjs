// Reads a calendar on standard input with ical.js and prints its events as JSON, times in UTC.
// Its time zones are the calendar's own VTIMEZONE and no other.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
ICAL.TimezoneService.reset();
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone);
}
const utc = (time) => time.toJSDate().toISOString().replace(".000Z", "Z");
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  const value = (name) => component.getFirstPropertyValue(name);
  return {
    uid: event.uid,
    sequence: event.sequence,
    status: value("status"),
    summary: event.summary,
    description: event.description,
    location: event.location,
    url: value("url"),
    zone: event.startDate.zone.tzid,
    starts: utc(event.startDate),
    ends: utc(event.endDate),
    modified: utc(value("last-modified")),
    stamp: utc(value("dtstamp")),
  };
});
process.stdout.write(JSON.stringify(events));
