/* The options of gaoshi-display: their types, their table, their checks. The
 * manual contains the texts of the table too; a test compares them. */
#include "display/edge/config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "display/core/alerts/lifecycle.h"
#include "display/core/alerts/situation.h"
#include "display/core/page/furniture.h"
#include "display/core/validation/shaping.h"
#include "protocol/broker_address.h"

#define CONFIG_FILE "/etc/gaoshi/display.conf"

/* The time that pictures show, so that two pictures of a page are equal: the
 * day of the first panels. */
#define RENDER_NOW "2021-09-08T09:00:00+08:00"

enum {
    SECONDS_MAX = 7 * 24 * 60 * 60,
    DWELL_MAX_MS = 600000,
    AT_MAX_MS = 24 * 60 * 60 * 1000,
    PAGE_MAX = 1000,
    AREA_DIGITS = 12,
};

static bool parse_identifier(const struct option_row *row, const char *value,
                             void *field, struct problem *problem)
{
    return (!value[0] || identifier_is_valid(value)) &&
           option_text.parse(row, value, field, problem);
}

static bool parse_area(const struct option_row *row, const char *value,
                       void *field, struct problem *problem)
{
    return (!value[0] || (strlen(value) == AREA_DIGITS &&
                          strspn(value, "0123456789") == AREA_DIGITS)) &&
           option_text.parse(row, value, field, problem);
}

static bool parse_group(const struct option_row *row, const char *value,
                        void *field, struct problem *problem)
{
    struct screen_identity *identity = field;

    (void)problem;
    if (identity->group_count == (size_t)row->maximum ||
        !identifier_is_valid(value))
        return false;
    snprintf(identity->groups[identity->group_count++],
             sizeof identity->groups[0], "%s", value);
    return true;
}

static bool parse_listed(const struct option_row *row, const char *value,
                         void *field, struct problem *problem)
{
    struct config_list *list = field;
    size_t bytes = strlen(value);

    (void)problem;
    if (list->count == (size_t)row->maximum || bytes >= CONFIG_TEXT_BYTES ||
        !utf8_is_valid(value, bytes, NULL))
        return false;
    memcpy(list->texts[list->count++], value, bytes + 1);
    return true;
}

static bool parse_broker(const struct option_row *row, const char *value,
                         void *field, struct problem *problem)
{
    const struct config_list *list = field;
    struct broker_address address;

    if (list->count == (size_t)row->maximum)
        return problem_set(problem, PROBLEM_FIELD,
                           "expected at most %d addresses", row->maximum);
    return broker_address_parse(value, &address, problem) &&
           parse_listed(row, value, field, problem);
}

/* Digits, and up to three more after a point. */
static bool parse_metres(const struct option_row *row, const char *value,
                         void *field, struct problem *problem)
{
    size_t whole = strspn(value, "0123456789");
    size_t digits = 0;

    (void)problem;
    if (whole == 0 || whole > 4)
        return false;
    int mm = atoi(value) * 1000;
    if (value[whole] == '.') {
        static const int weights[] = {100, 10, 1};
        const char *behind = value + whole + 1;
        digits = strspn(behind, "0123456789");
        if (digits == 0 || digits > 3)
            return false;
        for (size_t i = 0; i < digits; i++)
            mm += (behind[i] - '0') * weights[i];
        digits++;
    }
    if (value[whole + digits] || mm > row->maximum)
        return false;
    *(int *)field = mm;
    return true;
}

static bool parse_part(const struct option_row *row, const char *value,
                       void *field, struct problem *problem)
{
    unsigned *parts = field;
    int yes;

    if (!option_yes_no.parse(row, value, &yes, problem))
        return false;
    if (yes)
        *parts |= (unsigned)row->minimum;
    else
        *parts &= ~(unsigned)row->minimum;
    return true;
}

static bool parse_offset(const struct option_row *row, const char *value,
                         void *field, struct problem *problem)
{
    int hours, minutes;

    (void)row, (void)problem;
    if (strlen(value) != 6 || (value[0] != '+' && value[0] != '-') ||
        strspn(value + 1, "0123456789") != 2 || value[3] != ':' ||
        strspn(value + 4, "0123456789") != 2)
        return false;
    hours = atoi(value + 1);
    minutes = atoi(value + 4);
    if (minutes > 59 || hours * 60 + minutes > 14 * 60)
        return false;
    *(int *)field = (hours * 60 + minutes) * (value[0] == '-' ? -1 : 1);
    return true;
}

static bool parse_zone(const struct option_row *row, const char *value,
                       void *field, struct problem *problem)
{
    struct zone zone;

    return (!value[0] || zone_read(value, &zone)) &&
           option_text.parse(row, value, field, problem);
}

static bool parse_hours(const struct option_row *row, const char *value,
                        void *field, struct problem *problem)
{
    const char *wrong = value;
    size_t bytes = 0;

    struct glass_rules rules;

    if (glass_rules_parse(value, &rules, &wrong, &bytes))
        return option_text.parse(row, value, field, problem);
    return problem_set(problem, PROBLEM_FIELD,
                       "«%.*s», expected days and hours such as «mon-fri "
                       "22:00-06:00», at most %d rules parted by commas",
                       (int)(bytes < 60 ? bytes : 60), wrong, GLASS_RULES_MAX);
}

static bool read_size(const struct option_row *row, const char *value,
                      int *width_px, int *height_px)
{
    int width, height, read = 0;

    if (sscanf(value, "%5dx%5d%n", &width, &height, &read) != 2 ||
        value[read] || width < row->minimum || height < row->minimum ||
        width > row->maximum || height > row->maximum)
        return false;
    *width_px = width;
    *height_px = height;
    return true;
}

static bool parse_size(const struct option_row *row, const char *value,
                       void *field, struct problem *problem)
{
    int *sides = field; /* width, height */

    (void)problem;
    return read_size(row, value, &sides[0], &sides[1]);
}

static bool parse_fullscreen(const struct option_row *row, const char *value,
                             void *field, struct problem *problem)
{
    (void)row, (void)value, (void)problem;
    ((struct config_flags *)field)->mode = DISPLAY_FULLSCREEN;
    return true;
}

static bool set_mode(const struct option_row *row, const char *value,
                     struct config_flags *flags, enum display_mode mode)
{
    if (!read_size(row, value, &flags->size.width_px, &flags->size.height_px))
        return false;
    flags->mode = mode;
    return true;
}

static bool parse_windowed(const struct option_row *row, const char *value,
                           void *field, struct problem *problem)
{
    (void)problem;
    return set_mode(row, value, field, DISPLAY_WINDOWED);
}

static bool parse_headless(const struct option_row *row, const char *value,
                           void *field, struct problem *problem)
{
    (void)problem;
    return set_mode(row, value, field, DISPLAY_HEADLESS);
}

static bool parse_moment(const struct option_row *row, const char *value,
                         void *field, struct problem *problem)
{
    (void)row, (void)problem;
    return timestamp_parse(value, field);
}

static bool parse_date(const struct option_row *row, const char *value,
                       void *field, struct problem *problem)
{
    (void)row, (void)problem;
    return timestamp_parse_date(value, field);
}

#define SIZE_WORDS "WIDTHxHEIGHT in pixels"

static const struct option_type identifier = {
    .words = "lower-case letters, digits, '.', '_', '-'",
    .bounds = OPTION_BOUNDS_BYTES,
    .parse = parse_identifier,
    .is_text = true,
    .may_be_empty = true};
static const struct option_type area = {.words = "an area code of 12 digits",
                                        .bounds = OPTION_BOUNDS_BYTES,
                                        .parse = parse_area,
                                        .is_text = true,
                                        .may_be_empty = true};
static const struct option_type groups = {.words = "names parted by spaces",
                                          .bounds = OPTION_BOUNDS_COUNT,
                                          .parse = parse_group,
                                          .entries = "names"};
static const struct option_type keys = {.words = "entries parted by spaces",
                                        .bounds = OPTION_BOUNDS_COUNT,
                                        .parse = parse_listed,
                                        .entries = "entries",
                                        .is_path = true};
static const struct option_type brokers = {
    .words = "addresses parted by spaces",
    .bounds = OPTION_BOUNDS_COUNT,
    .parse = parse_broker,
    .entries = "addresses"};
static const struct option_type metres = {.words = "metres, such as 12.5",
                                          .bounds = OPTION_BOUNDS_THOUSANDTHS,
                                          .parse = parse_metres};
static const struct option_type part = {.words = "yes or no",
                                        .parse = parse_part};
static const struct option_type offset = {
    .words = "an offset from UTC, such as +08:00", .parse = parse_offset};
static const struct option_type zone = {.words = "a zone such as Asia/Shanghai",
                                        .bounds = OPTION_BOUNDS_BYTES,
                                        .parse = parse_zone,
                                        .is_text = true,
                                        .may_be_empty = true};
static const struct option_type hours = {
    .words = "days and hours, rules parted by commas",
    .parse = parse_hours,
    .is_text = true,
    .may_be_empty = true};
static const struct option_type size = {
    .words = SIZE_WORDS, .bounds = OPTION_BOUNDS_RANGE, .parse = parse_size};
static const struct option_type fullscreen = {.parse = parse_fullscreen};
static const struct option_type windowed = {.words = SIZE_WORDS,
                                            .bounds = OPTION_BOUNDS_RANGE,
                                            .parse = parse_windowed};
static const struct option_type headless = {.words = SIZE_WORDS,
                                            .bounds = OPTION_BOUNDS_RANGE,
                                            .parse = parse_headless};
static const struct option_type date = {.words = "a date such as 2026-10-01",
                                        .parse = parse_date};
static const struct option_type moment = {.words = "a time such as " RENDER_NOW,
                                          .parse = parse_moment};

static const struct option_choice rotations[] = {
    {"0", 0}, {"90", 90}, {"180", 180}, {"270", 270}, {NULL, 0}};

static const struct option_choice motions[] = {{"full", MOTION_FULL},
                                               {"reduced", MOTION_REDUCED},
                                               {"none", MOTION_NONE},
                                               {NULL, 0}};

static const struct option_choice mqtt_versions[] = {
    {"5", 5}, {"3.1.1", 4}, {NULL, 0}};

static const struct option_choice presentations[] = {
    {"full", PRESENTATION_FULL},
    {"upper", PRESENTATION_UPPER},
    {"banner", PRESENTATION_BANNER},
    {NULL, 0}};

static const struct option_choice situations[] = {
    {"often", SITUATION_OFTEN}, {"only", SITUATION_ONLY}, {NULL, 0}};

static const struct option_choice levels[] = {{"red", ALERT_LEVEL_RED},
                                              {"orange", ALERT_LEVEL_ORANGE},
                                              {"yellow", ALERT_LEVEL_YELLOW},
                                              {"blue", ALERT_LEVEL_BLUE},
                                              {NULL, 0}};

/* In quarters. */
static const struct option_choice speeds[] = {
    {"0.25", 1}, {"0.5", 2}, {"1", 4}, {"2", 8},
    {"4", 16},   {"8", 32},  {NULL, 0}};

static const struct option_choice log_levels[] = {{"error", LOG_ERROR},
                                                  {"warning", LOG_WARNING},
                                                  {"info", LOG_INFO},
                                                  {"debug", LOG_DEBUG},
                                                  {NULL, 0}};

#define FIELD(field) .offset = offsetof(struct config, field)
#define BYTES(field) sizeof((struct config *)0)->field
/* The commands that draw without a broker. */
#define DRAWING (CONFIG_RENDER | CONFIG_PROGRAMME | CONFIG_REHEARSE)
#define SIDES GLASS_SIDE_MIN_PX, GLASS_SIDE_MAX_PX

const struct option_row config_rows[] = {
    {"org", "ORG", "screen.org", "Organisation whose topics the screen reads.",
     CONFIG_RUN, &identifier, FIELD(identity.org),
     .maximum = BYTES(identity.org)},
    {"screen", "ID", "screen.id",
     "Name of this screen, its own within the organisation.", CONFIG_RUN,
     &identifier, FIELD(identity.screen), .maximum = BYTES(identity.screen)},
    {"area", "CODE", "screen.area",
     "National area code of the place, 12 digits; gives every area above it.",
     CONFIG_RUN, &area, FIELD(identity.area), .maximum = BYTES(identity.area)},
    {NULL, NULL, "screen.groups", "Groups that the screen belongs to.", 0,
     &groups, FIELD(identity), .maximum = LIMIT_GROUPS},
    {"place", "TEXT", "screen.name",
     "Name of the place, shown in the frame around the programme.",
     CONFIG_RUN | DRAWING | CONFIG_SETUP, &option_text, FIELD(place_name),
     .maximum = BYTES(place_name)},

    {"height-mm", "MM", "glass.height_mm",
     "Height of the lit area in millimetres; 0: not known.",
     DRAWING | CONFIG_SETUP, &option_integer, FIELD(height_mm),
     .maximum = 100000, .fallback = "0"},
    {"viewing-distance", "M", "glass.viewing_distance_m",
     "How far away people read from; with the height it gives the smallest "
     "size of characters. 0: not known.",
     DRAWING | CONFIG_SETUP, &metres, FIELD(viewing_mm), .maximum = 200000,
     .fallback = "0"},
    {"rotation", "DEGREES", "glass.rotation",
     "How far the screen is rotated, in degrees clockwise.",
     DRAWING | CONFIG_SETUP, &option_choice, FIELD(rotation),
     .choices = rotations, .fallback = "0"},
    {"theme", "NAME", "glass.theme",
     "Colours and durations: a file of the themes folder, or a path.",
     CONFIG_RUN | DRAWING | CONFIG_ICONS, &option_text, FIELD(theme),
     .maximum = BYTES(theme), .fallback = "night"},
    {"motion", "LEVEL", "glass.motion",
     "How much moves. none: pages change by a cut and do not move.", DRAWING,
     &option_choice, FIELD(motion), .choices = motions, .fallback = "full"},
    {"utc-offset", "HH:MM", "glass.utc_offset",
     "Local time of the clock and of dates on pages.", DRAWING, &offset,
     FIELD(utc_offset_minutes), .fallback = "+08:00"},
    {"zone", "NAME", "glass.zone",
     "Time zone of the place, by its name in the IANA database; overrides "
     "utc_offset. Empty: utc_offset holds all year.",
     DRAWING, &zone, FIELD(zone), .maximum = BYTES(zone)},
    {NULL, NULL, "glass.place", "Whether the name of the place is shown.", 0,
     &part, FIELD(furniture), .minimum = FURNITURE_PLACE, .fallback = "yes"},
    {NULL, NULL, "glass.clock",
     "Whether the clock is shown while it is trusted.", 0, &part,
     FIELD(furniture), .minimum = FURNITURE_CLOCK, .fallback = "yes"},
    {NULL, NULL, "glass.date", "Whether date and weekday are shown.", 0, &part,
     FIELD(furniture), .minimum = FURNITURE_DATE, .fallback = "yes"},
    {NULL, NULL, "glass.lunar",
     "Whether the date of the Chinese calendar is shown.", 0, &part,
     FIELD(furniture), .minimum = FURNITURE_LUNAR, .fallback = "yes"},
    {NULL, NULL, "glass.section",
     "Whether the mark of the present section is shown.", 0, &part,
     FIELD(furniture), .minimum = FURNITURE_SECTION, .fallback = "yes"},
    {NULL, NULL, "glass.progress",
     "Whether the position in the cycle of panels is shown.", 0, &part,
     FIELD(furniture), .minimum = FURNITURE_PROGRESS, .fallback = "yes"},
    {NULL, NULL, "glass.line_mark",
     "Whether a mark is shown when the line is down or a broker withholds "
     "messages, with the time up to which they are complete.",
     0, &part, FIELD(furniture), .minimum = FURNITURE_LINE_MARK,
     .fallback = "yes"},
    {"ticker", "TEXT", "glass.ticker",
     "A text at the bottom, line by line if it is too wide; empty: none.",
     DRAWING, &option_text, FIELD(ticker), .maximum = BYTES(ticker)},

    {NULL, NULL, "glass.brightness",
     "How much light the glass has at the start, in per cent; commands change "
     "it, and an alert has all of it.",
     0, &option_integer, FIELD(light_percent), 0, 100, .fallback = "100"},
    {NULL, NULL, "glass.night_brightness",
     "The most of it while the command night is on.", 0, &option_integer,
     FIELD(night_percent), 0, 100, .fallback = "30"},
    {NULL, NULL, "glass.backlight",
     "Folder of the backlight class; empty: " CONFIG_BACKLIGHT " on a full "
     "screen. Without one that can be written the picture itself is dimmed.",
     0, &option_path, FIELD(backlight), .maximum = BYTES(backlight)},

    {"broker", "ADDRESS", "broker.address",
     "mqtt://, mqtts://, ws:// or wss://host:port, tried in turn; all with TLS "
     "or none.",
     CONFIG_RUN, &brokers, FIELD(brokers), .maximum = CONFIG_LIST_MAX},
    {NULL, NULL, "broker.username", "Name at the broker.", 0, &option_text,
     FIELD(username), .maximum = BYTES(username)},
    {NULL, NULL, "broker.password_file",
     "File whose first line is the password.", 0, &option_path,
     FIELD(password_file), .maximum = BYTES(password_file)},
    {NULL, NULL, "broker.ca",
     "PEM file of the authority that signed the broker's certificate; its "
     "host name is verified.",
     0, &option_path, FIELD(ca_file), .maximum = BYTES(ca_file)},
    {NULL, NULL, "broker.cert", "PEM file of the screen's own certificate.", 0,
     &option_path, FIELD(cert_file), .maximum = BYTES(cert_file)},
    {NULL, NULL, "broker.key", "PEM file of the certificate's private key.", 0,
     &option_path, FIELD(key_file), .maximum = BYTES(key_file)},
    {NULL, NULL, "broker.mqtt_version", "MQTT version of the broker.", 0,
     &option_choice, FIELD(mqtt_version), .choices = mqtt_versions,
     .fallback = "5"},

    {"root", "FILE", "trust.root",
     "Public keys (PEM files) that may sign the list of keys, which says what "
     "each key may sign, for whom, and which were revoked.",
     CONFIG_RUN, &keys, FIELD(trust_root), .maximum = CONFIG_LIST_MAX},
    {NULL, NULL, "trust.panels",
     "Public keys that may sign panels without being on that list.", 0, &keys,
     FIELD(trust_panels), .maximum = CONFIG_LIST_MAX},
    {NULL, NULL, "trust.alerts",
     "Public keys that may sign alerts without being on that list.", 0, &keys,
     FIELD(trust_alerts), .maximum = CONFIG_LIST_MAX},
    {NULL, NULL, "trust.commands",
     "Public keys that may sign commands without being on that list.", 0, &keys,
     FIELD(trust_commands), .maximum = CONFIG_LIST_MAX},

    {"store", "FILE", "store.path",
     "SQLite file for accepted messages; empty: nothing survives a restart.",
     CONFIG_RUN, &option_path, FIELD(store_file), .maximum = BYTES(store_file)},

    {NULL, NULL, "alerts.show_exercises",
     "Whether exercises are shown, with their mark.", 0, &option_yes_no,
     FIELD(show_exercises), .fallback = "no"},
    {NULL, NULL, "alerts.show_tests",
     "Whether tests are shown, with their mark.", 0, &option_yes_no,
     FIELD(show_tests), .fallback = "no"},
    {NULL, NULL, "alerts.red",
     "Red alerts get the full glass, its upper part, or a banner on top.", 0,
     &option_choice, FIELD(presentations[ALERT_LEVEL_RED]),
     .choices = presentations, .fallback = "full"},
    {NULL, NULL, "alerts.orange", "The same for orange alerts.", 0,
     &option_choice, FIELD(presentations[ALERT_LEVEL_ORANGE]),
     .choices = presentations, .fallback = "full"},
    {NULL, NULL, "alerts.yellow",
     "The same for yellow alerts; the programme continues below.", 0,
     &option_choice, FIELD(presentations[ALERT_LEVEL_YELLOW]),
     .choices = presentations, .fallback = "upper"},
    {NULL, NULL, "alerts.blue", "The same for blue alerts.", 0, &option_choice,
     FIELD(presentations[ALERT_LEVEL_BLUE]), .choices = presentations,
     .fallback = "banner"},
    {NULL, NULL, "alerts.unknown", "The same for alerts of an unknown level.",
     0, &option_choice, FIELD(presentations[ALERT_LEVEL_UNKNOWN]),
     .choices = presentations, .fallback = "upper"},
    {NULL, NULL, "alerts.situation",
     "While an emergency continues, every second page is one of its panels, or "
     "only they and the emergency section are shown.",
     0, &option_choice, FIELD(situation), .choices = situations,
     .fallback = "often"},

    {"holidays", "FILE", "programme.holidays",
     "Tables of public holidays beside data/holidays.txt, whose lines they "
     "override.",
     CONFIG_PROGRAMME | CONFIG_REHEARSE, &keys, FIELD(holidays),
     .maximum = CONFIG_LIST_MAX},

    {NULL, NULL, "hours.dark",
     "Days and hours in which the glass is dark: the output is switched off "
     "where X allows it, and black otherwise.",
     0, &hours, FIELD(hours[LIGHT_DARK]), .maximum = CONFIG_TEXT_BYTES},
    {NULL, NULL, "hours.dimmed", "Days and hours in which it is dimmed.", 0,
     &hours, FIELD(hours[LIGHT_DIMMED]), .maximum = CONFIG_TEXT_BYTES},
    {NULL, NULL, "hours.bright", "Exceptions from both.", 0, &hours,
     FIELD(hours[LIGHT_BRIGHT]), .maximum = CONFIG_TEXT_BYTES},
    {NULL, NULL, "hours.dimmed_percent", "How bright the dimmed glass is.", 0,
     &option_integer, FIELD(dimmed_percent), 1, 100, .fallback = "30"},
    {NULL, NULL, "hours.wake",
     "Alerts of this level or a graver one light the glass at once, bright; "
     "behind them it is dark again.",
     0, &option_choice, FIELD(wake), .choices = levels, .fallback = "blue"},

    {"config", "FILE", NULL,
     "Configuration file; " CONFIG_FILE " if it exists.",
     CONFIG_RUN | DRAWING | CONFIG_CARD, &option_file,
     FIELD(flags.config_file)},
    {"check-config", NULL, NULL,
     "Checks the configuration, prints what is wrong, and ends.", CONFIG_RUN,
     &option_flag, FIELD(flags.check)},
    {"fullscreen", NULL, NULL, "The whole screen (the default).",
     CONFIG_RUN | CONFIG_CARD, &fullscreen, FIELD(flags)},
    {"windowed", "WxH", NULL, "A rehearsal in a window.",
     CONFIG_RUN | CONFIG_CARD, &windowed, FIELD(flags), SIDES},
    {"headless", "WxH", NULL, "No window: for pictures and tests.",
     CONFIG_RUN | CONFIG_CARD | CONFIG_REHEARSE, &headless, FIELD(flags),
     SIDES},
    {"trust", "FILE", NULL,
     "Public key that may sign everything; may be repeated.", CONFIG_RUN, &keys,
     FIELD(flags.trust), .maximum = CONFIG_LIST_MAX},
    {"show-drills", NULL, NULL,
     "Exercises and tests are shown, with their mark.", CONFIG_RUN,
     &option_flag, FIELD(flags.show_drills)},
    {"record", "DIR", NULL, "Writes a picture of each page, and a journal.",
     CONFIG_RUN, &option_file, FIELD(flags.record)},
    {"seconds", "N", NULL, "Ends after this time.",
     CONFIG_RUN | CONFIG_CARD | CONFIG_REHEARSE, &option_integer,
     FIELD(flags.seconds), 1, SECONDS_MAX},
    {"memory", NULL, NULL, "Prints at the end what its memory is for.",
     CONFIG_RUN, &option_flag, FIELD(flags.memory)},
    {"dwell", "MS", NULL, "In a rehearsal: how long each page is shown.",
     CONFIG_RUN | CONFIG_REHEARSE, &option_integer, FIELD(flags.dwell_ms), 1,
     DWELL_MAX_MS},
    {"record-session", "FILE", NULL,
     "Writes every received message with its time, for rehearse --replay.",
     CONFIG_RUN | CONFIG_REHEARSE, &option_file, FIELD(flags.session)},
    {"log-level", "LEVEL", NULL, "What is logged on standard error.",
     CONFIG_RUN | CONFIG_REHEARSE, &option_choice, FIELD(flags.log_level),
     .choices = log_levels, .fallback = "info"},

    {"size", "WxH", NULL, "Size of the glass; 1920x1080 if not given.", DRAWING,
     &size, FIELD(flags.size), SIDES},
    {"at", "MS", NULL,
     "How long the page has been shown; the end of its entrance if not given.",
     CONFIG_RENDER, &option_integer, FIELD(flags.at_ms), 0, AT_MAX_MS},
    {"page", "N", NULL, "One page, from 1; all of them if not given.",
     CONFIG_RENDER, &option_integer, FIELD(flags.page), 1, PAGE_MAX},
    {"out", "PNG|DIR/", NULL, "A file for one page, a folder for several.",
     CONFIG_RENDER | CONFIG_CARD | CONFIG_ICONS, &option_file,
     FIELD(flags.out)},
    {"draw-list", NULL, NULL,
     "Prints what would be drawn, one line for each item.", CONFIG_RENDER,
     &option_flag, FIELD(flags.draw_list)},
    {"plain", NULL, NULL, "The page without any message; no FILE.",
     CONFIG_RENDER, &option_flag, FIELD(flags.plain)},
    {"furniture", NULL, NULL, "Place, clock and marks around the page.",
     CONFIG_RENDER, &option_flag, FIELD(flags.furniture)},
    {"with-alert", "FILE", NULL, "An alert beside the panel, by its level.",
     CONFIG_RENDER, &option_file, FIELD(flags.alert_file)},
    {"alert-page", "N", NULL, "Which page of that alert.", CONFIG_RENDER,
     &option_integer, FIELD(flags.alert_page), 1, PAGE_MAX, .fallback = "1"},
    {"pictures", "DIR", NULL,
     "Folder with the pictures of panels, each named by its SHA-256.",
     CONFIG_RENDER, &option_file, FIELD(flags.pictures)},
    {"over", "FILE|sample", NULL,
     "Alerts by their level, over this panel or one of data/.", CONFIG_RENDER,
     &option_file, FIELD(flags.over_file)},
    {"alerts", "N", NULL, "How many alerts are in force; this one leads.",
     CONFIG_RENDER, &option_integer, FIELD(flags.alerts), 1,
     LIFECYCLE_ALERTS_MAX, .fallback = "1"},
    {"presentation", "HOW", NULL, "How alerts of every level share the glass.",
     CONFIG_RENDER, &option_choice, FIELD(flags.presentation),
     .choices = presentations},
    {"now", "TIME", NULL, "The time that the clock shows.", CONFIG_RENDER,
     &moment, FIELD(flags.now_ms), .fallback = RENDER_NOW},
    {"serve", NULL, NULL,
     "Draws what requests on standard input ask for, until it ends.",
     CONFIG_RENDER, &option_flag, FIELD(flags.serve)},
    {"safe", NULL, NULL, "Safe mode for a trial: texts only.",
     CONFIG_RUN | CONFIG_RENDER, &option_flag, FIELD(flags.safe)},

    {"on", "DATE", NULL, "The day that is told, at the screen's place.",
     CONFIG_PROGRAMME, &date, FIELD(flags.day)},
    {"from", "HH:MM", NULL, "From this time on; 00:00 if not given.",
     CONFIG_PROGRAMME, &option_words, FIELD(flags.from)},
    {"to", "HH:MM", NULL,
     "Until this time, maybe of the next day; 24:00 if not given.",
     CONFIG_PROGRAMME, &option_words, FIELD(flags.to)},
    {"sheet", "PNG", NULL,
     "Draws the panels that come, each as it first appears.", CONFIG_PROGRAMME,
     &option_file, FIELD(flags.sheet)},

    {"into", "DIR", NULL, "Folder for the files; /etc/gaoshi if not given.",
     CONFIG_SETUP, &option_file, FIELD(flags.into)},
    {"card", "YES", NULL, "Whether the test card is shown: yes or no.",
     CONFIG_SETUP, &option_yes_no, FIELD(flags.card), .fallback = "yes"},
    {"service", "YES", NULL, "Whether the service is started: yes or no.",
     CONFIG_SETUP, &option_yes_no, FIELD(flags.service), .fallback = "yes"},

    {"replay", "FILE", NULL,
     "Shows a recorded session again, on the glass on which it was recorded, "
     "and prints a hash of all frames.",
     CONFIG_REHEARSE, &option_file, FIELD(flags.replay)},
    {"start", "TIME", NULL,
     "The time at which the rehearsal begins; now if not given.",
     CONFIG_REHEARSE, &moment, FIELD(flags.start_ms)},
    {"speed", "FACTOR", NULL, "How fast time goes at the beginning.",
     CONFIG_REHEARSE, &option_choice, FIELD(flags.speed), .choices = speeds,
     .fallback = "1"},
    {"export", "WEBP|DIR/", NULL,
     "No window: writes the programme once through, or --seconds of it, as an "
     "animation, or as numbered pictures into a folder.",
     CONFIG_REHEARSE, &option_file, FIELD(flags.export_to)},
    {"fps", "N", NULL, "Pictures in a second of --export.", CONFIG_REHEARSE,
     &option_integer, FIELD(flags.frames_per_second), 1, 60, .fallback = "25"},

    {"missing", NULL, NULL, "Prints characters of FILE... that no font has.",
     CONFIG_FONTS, &option_flag, FIELD(flags.missing)},
    {"data", "DIR", NULL, "Folder with data/ and fonts/.",
     CONFIG_RUN | DRAWING | CONFIG_FONTS | CONFIG_CARD | CONFIG_ICONS,
     &option_file, FIELD(flags.data)},
    {"help", NULL, NULL, "Prints this.",
     CONFIG_RUN | DRAWING | CONFIG_FONTS | CONFIG_CARD | CONFIG_SETUP |
         CONFIG_ICONS,
     &option_flag, FIELD(flags.help)},
    {.type = NULL},
};

_Static_assert(sizeof config_rows / sizeof config_rows[0] <= OPTION_ROWS_MAX,
               "struct option_state has a place for every row");

void config_init(struct config *config)
{
    memset(config, 0, sizeof *config);
    config->flags.size.width_px = 1920;
    config->flags.size.height_px = 1080;
    config->flags.at_ms = -1;
    config->flags.presentation = -1;
    config->flags.day = -1;
    config->flags.start_ms = TIMESTAMP_NONE;
    option_rows_default(config_rows, config);
}

bool config_read(const char *file, struct config *config,
                 struct problem *problem)
{
    struct config next = *config;

    memset(next.state.lines, 0, sizeof next.state.lines);
    snprintf(next.file, sizeof next.file, "%s", file);
    if (!option_rows_read_file(config_rows, file, &next, &next.state, problem))
        return false;
    *config = next;
    return true;
}

/* Applies flags that stand for several options of the file. */
static void apply_flags(struct config *config)
{
    const struct config_flags *flags = &config->flags;

    if (flags->show_drills)
        config->show_exercises = config->show_tests = 1;
    if (flags->trust.count > 0)
        config->trust_panels = config->trust_alerts = config->trust_commands =
            flags->trust;
    for (int i = 0; flags->presentation >= 0 && i < ALERT_LEVEL_COUNT; i++)
        config->presentations[i] = flags->presentation;
}

/* Such a text would lie on its side. */
static void leave_out_columns(const struct config *config, const char *key,
                              char *text)
{
    const char *script = shaping_script_of(text, strlen(text));
    struct problem problem = {.consequence = "nothing stands there"};

    if (!script)
        return;
    problem_set_field(&problem, key, "the %s script stands in columns", script);
    config_place_problem(config, &problem);
    log_problem(LOG_WARNING, "gaoshi-display", &problem);
    text[0] = '\0';
}

bool config_load(struct config *config, enum config_command command, int argc,
                 char **argv, int *operand_count, struct problem *problem)
{
    const char *lenient = config->state.lenient_section;

    config_init(config);
    config->state.lenient_section = lenient;
    if (!option_rows_read_words(config_rows, command, argc, argv, 1, config,
                                &config->state, operand_count, problem)) {
        snprintf(problem->consequence, sizeof problem->consequence,
                 "see --help");
        return false;
    }
    if (config->flags.help)
        return true;
    if (config->flags.check && config->state.lenient_section) {
        config->state.lenient_section = NULL;
        if (config->state.lenient_problem.code != PROBLEM_NONE) {
            *problem = config->state.lenient_problem;
            return false;
        }
    }
    const char *file = config->flags.config_file;
    if (!file && (command & (CONFIG_RUN | CONFIG_CARD)) &&
        access(CONFIG_FILE, R_OK) == 0)
        file = CONFIG_FILE;
    if (file && !config_read(file, config, problem))
        return false;
    problem->place[0] = '\0';
    apply_flags(config);
    leave_out_columns(config, "screen.name", config->place_name);
    leave_out_columns(config, "glass.ticker", config->ticker);
    return true;
}

bool config_check(const struct config *config, struct problem *problem)
{
    if (!config->identity.org[0])
        return problem_set_field(problem, "screen.org", "missing");
    if (!config->identity.screen[0])
        return problem_set_field(problem, "screen.id", "missing");
    if (config->trust_root.count + config->trust_panels.count +
            config->trust_alerts.count ==
        0)
        return problem_set_field(problem, "trust.root",
                                 "no key is trusted: nothing could be shown");
    return config->state.lenient_section || config_check_line(config, problem);
}

bool config_check_line(const struct config *config, struct problem *problem)
{
    if (config->state.lenient_problem.code != PROBLEM_NONE) {
        *problem = config->state.lenient_problem;
        return false;
    }
    if (config->brokers.count == 0)
        return problem_set_field(problem, "broker.address", "missing");
    if (!config->cert_file[0] != !config->key_file[0])
        return problem_set_field(problem, "broker.key",
                                 "cert and key belong together");
    if (config->username[0] == '\0' && config->password_file[0])
        return problem_set_field(problem, "broker.username",
                                 "missing beside password_file");
    return true;
}

void config_place_problem(const struct config *config, struct problem *problem)
{
    const struct option_row *row = option_rows_find_key(config_rows,
                                                        problem->field);
    int line = row ? config->state.lines[row - config_rows] : 0;
    char words[sizeof problem->expected + sizeof problem->place + 2];

    if (problem->place[0]) {
        snprintf(words, sizeof words, "%s: %s", problem->place,
                 problem->expected);
        words[sizeof problem->expected - 1] = '\0';
        memcpy(problem->expected, words, sizeof problem->expected);
    }
    problem->place[0] = '\0';
    problem->line = line;
    problem_set_place(problem, config->file);
}

/* Prints one value as a file has it. */
static void print_list(FILE *out, const struct config_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", list->texts[i]);
}

static void print_groups(FILE *out, const struct screen_identity *identity)
{
    for (size_t i = 0; i < identity->group_count; i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", identity->groups[i]);
}

static void print_choice(FILE *out, const struct option_row *row, int value)
{
    for (const struct option_choice *one = row->choices; one->name; one++)
        if (one->value == value)
            fputs(one->name, out);
}

static void print_offset(FILE *out, int minutes)
{
    fprintf(out, "%c%02d:%02d", minutes < 0 ? '-' : '+', abs(minutes) / 60,
            abs(minutes) % 60);
}

static void print_value(FILE *out, const struct option_row *row,
                        const void *field)
{
    const struct option_type *type = row->type;

    if (type == &groups)
        print_groups(out, field);
    else if (type == &keys || type == &brokers)
        print_list(out, field);
    else if (type == &metres)
        fprintf(out, "%d.%03d", *(const int *)field / 1000,
                *(const int *)field % 1000);
    else if (type == &part)
        fputs(*(const unsigned *)field & (unsigned)row->minimum ? "yes" : "no",
              out);
    else if (type == &offset)
        print_offset(out, *(const int *)field);
    else if (type == &option_integer)
        fprintf(out, "%d", *(const int *)field);
    else if (type == &option_choice)
        print_choice(out, row, *(const int *)field);
    else if (type == &option_yes_no)
        fputs(*(const int *)field ? "yes" : "no", out);
    else
        fputs(field, out); /* char[] */
}

char *config_value(const struct config *config, const struct option_row *row)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);

    if (!out)
        return NULL;
    print_value(out, row, (const char *)config + row->offset);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static bool is_secret(const char *key)
{
    static const char *const secrets[] = {"broker.username",
                                          "broker.password_file", "broker.key"};

    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        if (strcmp(key, secrets[i]) == 0)
            return true;
    return false;
}

char *config_print(const struct config *config)
{
    const char *section = "";
    size_t length = 0, bytes = 0;
    char *text = NULL;
    FILE *out = open_memstream(&text, &bytes);

    if (!out)
        return NULL;
    for (const struct option_row *row = config_rows; row->type; row++) {
        const char *point = row->key ? strchr(row->key, '.') : NULL;
        if (!point || is_secret(row->key))
            continue;
        size_t own = (size_t)(point - row->key);
        if (own != length || strncmp(row->key, section, own) != 0)
            fprintf(out, "%s[%.*s]\n", length > 0 ? "\n" : "", (int)own,
                    row->key);
        section = row->key;
        length = own;
        fprintf(out, "%s = ", point + 1);
        print_value(out, row, (const char *)config + row->offset);
        fputc('\n', out);
    }
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

void config_take_live(struct config *config, const struct config *from)
{
    memcpy(config->place_name, from->place_name, sizeof config->place_name);
    config->height_mm = from->height_mm;
    config->viewing_mm = from->viewing_mm;
    config->rotation = from->rotation;
    memcpy(config->theme, from->theme, sizeof config->theme);
    config->utc_offset_minutes = from->utc_offset_minutes;
    config->furniture = from->furniture;
    memcpy(config->ticker, from->ticker, sizeof config->ticker);
    config->light_percent = from->light_percent;
    config->night_percent = from->night_percent;
    memcpy(config->zone, from->zone, sizeof config->zone);
    config->holidays = from->holidays;
    memcpy(config->hours, from->hours, sizeof config->hours);
    config->dimmed_percent = from->dimmed_percent;
    config->wake = from->wake;
}
