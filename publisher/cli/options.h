/* What an operator asked for: the command line, and the configuration file for
 * what it leaves open. */
#ifndef GAOSHI_PUBLISHER_OPTIONS_H
#define GAOSHI_PUBLISHER_OPTIONS_H

#include "base/options.h"
#include "protocol/limits.h"
#include "protocol/link/link.h"

/* Which commands an option belongs to. Bits. */
enum option_group {
    OPTION_EVERY = 1, /* help */
    OPTION_SEND = 2,  /* what leaves this machine */
    OPTION_SHOWN = 4, /* what a screen says shown of */
    OPTION_RAISE = 8, /* an alert from flags */
    OPTION_CANCEL = 16,
    OPTION_KEYS = 32,
    OPTION_IMPORT = 64,
    OPTION_WATCH = 128,
    OPTION_NEW = 256,           /* an alert that is not there yet */
    OPTION_AREA = 512,          /* its scope by area code */
    OPTION_PREVIEW = 1024,      /* pictures instead of sending */
    OPTION_CARE = 2048,         /* what could hurt asks first */
    OPTION_DATA = 4096,         /* data of the project */
    OPTION_SENT = 8192,         /* alerts of the outbox */
    OPTION_OUTBOX = 1 << 14,    /* messages that go by the outbox */
    OPTION_DROP = 1 << 15,      /* taken back out of it */
    OPTION_OUT = 1 << 16,       /* files of a new key or certificate */
    OPTION_TOWN = 1 << 17,      /* the folder of an authority */
    OPTION_AUTHORITY = 1 << 18, /* a new one */
    OPTION_MEMBER = 1 << 19,    /* a screen or an operator */
    OPTION_SCREEN = 1 << 20,
    OPTION_SECRET = 1 << 21,    /* a private key that may be locked */
    OPTION_ROOT = 1 << 22,      /* the key of the key list */
    OPTION_GRANT = 1 << 23,     /* what a key may */
    OPTION_HEARTBEAT = 1 << 24, /* ticks */
    OPTION_EDIT = 1 << 25,      /* a new list of keys */
    OPTION_OPERATOR = 1 << 26,
    OPTION_REINSTATE = 1 << 27, /* who was revoked may sign again */
    OPTION_SIGN = OPTION_SEND | OPTION_SECRET, /* signed here, then sent */
};

struct option_list {
    const char *texts[LINK_BROKER_MAX];
    size_t count;
};

/* NULL, 0, empty: not given. Numbers have their defaults. */
struct options {
    bool help;
    const char *config_file;
    struct option_list brokers;
    const char *org;
    const char *key_file;
    const char *scope;
    const char *state_file;
    const char *username;
    const char *password_file;
    const char *ca_file;
    const char *cert_file;
    const char *cert_key_file;
    int mqtt_version;
    int timeout_s;
    int wait_shown;
    bool dry_run;

    const char *id;
    const char *template_name;
    const char *area_code;
    const char *event;
    const char *event_code;
    const char *level;
    const char *headline;
    const char *instruction;
    const char *description;
    const char *area_text;
    const char *sender;
    const char *status;
    const char *urgency;
    const char *certainty;
    const char *response_level;
    const char *web;
    const char *expires;
    const char *until;
    struct option_list contacts;
    const char *event_en;
    const char *headline_en;
    const char *instruction_en;
    const char *reason;

    bool again;
    bool once;
    int every_s;

    const char *preview_file;
    const char *preview_size;
    const char *preview_config; /* a screen's */
    const char *data;
    bool yes;
    bool force;
    bool all;
    bool with_waiting;
    bool waiting_alerts; /* these too, unasked: of a watch, no option */
    const char *key_list;
    const char *confirm_level;
    const char *confirm_scope;

    const char *out_folder;
    const char *name;
    const char *algorithm;
    bool lock;
    const char *pass_phrase_file;

    const char *root_file; /* of the key list */
    bool clock_is_right;
    bool reinstate;
    struct option_list grant_roles;
    struct option_list grant_scopes;
    const char *grant_from;

    const char *town_folder; /* of an authority */
    struct option_list screen_groups;
    struct option_list trust_files;

    struct option_state state;
};

/* Reads argv[first…] for a command of these groups; operands are moved to
 * argv[first…]. out is initialised with the defaults; options_finish in any
 * case. */
bool options_parse(struct options *out, unsigned groups, int argc, char **argv,
                   int first, int *operand_count, struct problem *problem);

/* Fills what is not given from the configuration: the file named, or the
 * user's or the system's own if there is one. */
bool options_read_config(struct options *options, struct problem *problem);

void options_finish(struct options *options);

/* That option, or one of these groups, stands on the command line itself. */
bool option_is_typed(const struct options *options, const char *name);
bool options_are_typed(const struct options *options, unsigned groups);

/* The options of these groups, a line each. */
void options_print_help(unsigned groups, FILE *out);

/* A script that completes these commands in bash. */
void options_print_completion(const struct option_command *commands,
                              size_t count, FILE *out);

/* Every option of the program. */
const struct option_row *options_table(void);

#endif
