/* Settings that operators send to the screens of a scope: the hours of the
 * glass. */
#ifndef GAOSHI_PROTOCOL_SETTINGS_H
#define GAOSHI_PROTOCOL_SETTINGS_H

#include "protocol/alert.h"
#include "protocol/schedule.h"

enum glass_light { LIGHT_BRIGHT, LIGHT_DIMMED, LIGHT_DARK, LIGHT_COUNT };

enum { GLASS_RULES_MAX = 4, GLASS_RULE_CHARACTERS = 200 };

/* Zeroed: always bright. */
struct glass_hours {
    struct glass_rules {
        struct schedule_times rules[GLASS_RULES_MAX]; /* any of them */
        size_t count;
    } of[LIGHT_COUNT];
};

/* What is not given stays as the screen's configuration has it. */
struct settings {
    bool has_hours;
    struct glass_hours hours;
    int dimmed_percent;    /* 0: not given */
    bool has_wake;         /* the next field was given */
    enum alert_level wake; /* the least level that lights a dark glass */
};

/* Reads the "settings" object. */
bool settings_read(json_t *object, struct settings *out,
                   struct json_passed *passed, struct problem *problem);

#endif
