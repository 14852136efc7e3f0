/* The table of commands, and the help made from it. */
#include "publisher/commands.h"

#include "base/language.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "base/word.h"
#include "publisher/alert/alert.h"
#include "publisher/cap/cap.h"
#include "publisher/console/console.h"
#include "publisher/keys/keys.h"
#include "publisher/panel/panel.h"
#include "publisher/provision/certificate.h"
#include "publisher/provision/provision.h"
#include "publisher/screens/screens.h"
#include "publisher/send/send_commands.h"

#include <limits.h>
#include <string.h>

const struct command commands[] = {
    {"alert cancel", "ID", "takes an alert off the screens",
     OPTION_SIGN | OPTION_SHOWN | OPTION_WAIT | OPTION_CANCEL | OPTION_CARE |
         OPTION_OUTBOX,
     1, 1, .run = alert_cancel_run, .names = NAMES_ALERTS,
     .examples = "alert cancel flood-20210720-1830-k7pm --reason 水位回落\n"},
    {"alert list", "", "lists the alerts that were sent from here",
     OPTION_SEND | OPTION_SENT | OPTION_JSON, 0, 0, .run = alert_list_run},
    {"alert raise", "[FILE]",
     "sends a new alert: from a file, a template or flags",
     OPTION_SIGN | OPTION_SHOWN | OPTION_WAIT | OPTION_RAISE | OPTION_NEW |
         OPTION_AREA | OPTION_PREVIEW | OPTION_CARE | OPTION_DATA |
         OPTION_OUTBOX,
     0, 1, .run = alert_raise_run,
     .examples = "alert raise --template flood --level orange --area 410103001 "
                 "--until +6h --preview flood.png\n"
                 "alert raise --template 高温 --level 橙色 --until 明天18:00 "
                 "--wait 30s\n"},
    {"alert templates", "", "lists the templates for common events",
     OPTION_DATA | OPTION_JSON, 0, 0, .run = alert_templates_run},
    {"alert update", "ID", "changes an alert as the flags say",
     OPTION_SIGN | OPTION_SHOWN | OPTION_WAIT | OPTION_RAISE | OPTION_PREVIEW |
         OPTION_CARE | OPTION_DATA | OPTION_OUTBOX,
     1, 1, .run = alert_update_run, .names = NAMES_ALERTS,
     .examples =
         "alert update flood-20210720-1830-k7pm --level red --until +3h\n"},
    {"cap check", "FILE...", "tells what CAP files say, sends nothing",
     OPTION_JSON, 1, INT_MAX, .run = cap_check_run},
    {"cap export", "FILE|ID", "writes an alert as CAP 1.2", OPTION_SEND, 1, 1,
     .run = cap_export_run, .names = NAMES_ALERTS | COMPLETION_FILES},
    {"cap import", "FILE|-...", "sends the alerts or cancels of CAP files",
     OPTION_SIGN | OPTION_SHOWN | OPTION_IMPORT | OPTION_JSON | OPTION_OUTBOX,
     1, INT_MAX, .run = cap_import_run,
     .examples = "cap import warning.xml --dry-run\n"},
    {"cap watch", "DIR", "sends the CAP files that appear in a folder",
     OPTION_SIGN | OPTION_SHOWN | OPTION_WATCH | OPTION_OUTBOX, 1, 1,
     .run = cap_watch_run},
    {"command", "[SCREEN] VERB [VALUE]",
     "identify, screenshot, reload, brightness, night, restart or config",
     OPTION_SIGN | OPTION_FLEET | OPTION_COMMAND, 1, 3,
     .run = command_screens_run, .names = NAMES_SCREENS | NAMES_VERBS,
     .examples = "command lobby-1 screenshot --out lobby-1.png\n"
                 "command --scope area-410103 night on\n"},
    {"console", "", "serves a page for operators",
     OPTION_SIGN | OPTION_DATA | OPTION_CONSOLE, 0, 0, .run = console_run,
     .examples = "console\n"
                 "console --listen 10.0.0.5:8443 --tls-cert console.pem "
                 "--tls-key console.key\n"},
    {"console account add", "NAME",
     "lets somebody log in at a console on the network",
     OPTION_SEND | OPTION_ACCOUNTS | OPTION_ROLES, 1, 1, .run = account_add_run,
     .names = NAMES_ACCOUNTS,
     .examples = "console account add li --role panels --role alerts\n"},
    {"console account list", "", "tells who may log in there",
     OPTION_SEND | OPTION_ACCOUNTS | OPTION_JSON, 0, 0,
     .run = account_list_run},
    {"console account password", "NAME", "gives an account a new password",
     OPTION_SEND | OPTION_ACCOUNTS, 1, 1, .run = account_password_run,
     .names = NAMES_ACCOUNTS},
    {"console account remove", "NAME", "ends an account",
     OPTION_SEND | OPTION_ACCOUNTS, 1, 1, .run = account_remove_run,
     .names = NAMES_ACCOUNTS},
    {"figures list", "", "lists the last value of each live figure",
     OPTION_SEND | OPTION_JSON, 0, 0, .run = figures_list_run},
    {"figures set", "[NAME=VALUE...]",
     "sends new values of live figures, or the lines of a file or program",
     OPTION_SIGN | OPTION_FIGURES | OPTION_JSON | OPTION_OUTBOX, 0, INT_MAX,
     .run = figures_set_run, .names = NAMES_FIGURES,
     .examples = "figures set river.jialu.level=3.57 --unit 米\n"},
    {"heartbeat", "", "sends signed ticks, and restores what the broker lost",
     OPTION_SIGN | OPTION_HEARTBEAT, 0, 0, .run = heartbeat_run},
    {"keys drop", "LIST ID", "removes a key from the list",
     OPTION_ROOT | OPTION_EDIT | OPTION_REINSTATE | OPTION_SECRET | OPTION_JSON,
     2, 2, .run = keys_drop_run},
    {"keys grant", "LIST FILE", "lets a public key sign, in a list of keys",
     OPTION_ROOT | OPTION_EDIT | OPTION_REINSTATE | OPTION_SECRET |
         OPTION_GRANT | OPTION_JSON,
     2, 2, .run = keys_grant_run},
    {"keys list", "LIST", "tells who may sign what", OPTION_ROOT | OPTION_JSON,
     1, 1, .run = keys_list_run},
    {"keys new", "--out DIR", "makes a key pair that signs",
     OPTION_KEYS | OPTION_JSON | OPTION_OUT | OPTION_SECRET, 0, 0,
     .run = keys_new_run},
    {"keys publish", "LIST", "sends a signed list of keys to every screen",
     OPTION_SEND | OPTION_JSON | OPTION_ROOT, 1, 1, .run = keys_publish_run},
    {"keys revoke", "LIST ID|FILE",
     "revokes a key: nothing that it signed is believed",
     OPTION_ROOT | OPTION_EDIT | OPTION_SECRET | OPTION_JSON, 2, 2,
     .run = keys_revoke_run},
    {"keys rotate", "LIST ID FILE", "replaces a key by a new one",
     OPTION_ROOT | OPTION_EDIT | OPTION_REINSTATE | OPTION_SECRET | OPTION_JSON,
     3, 3, .run = keys_rotate_run},
    {"outbox drop", "[ID...]", "drops messages that wait in the outbox",
     OPTION_SEND | OPTION_DROP | OPTION_JSON, 0, INT_MAX,
     .run = outbox_drop_run, .names = NAMES_WAITING},
    {"outbox list", "", "lists the messages that no broker has confirmed",
     OPTION_SEND | OPTION_JSON, 0, 0, .run = outbox_list_run},
    {"outbox send", "", "sends what waits in the outbox",
     OPTION_SIGN | OPTION_SHOWN | OPTION_JSON, 0, 0, .run = outbox_send_run},
    {"panel import", "SHEET...", "makes panels from the rows of a spreadsheet",
     OPTION_SIGN | OPTION_SHOWN | OPTION_WAIT | OPTION_SHEET | OPTION_PREVIEW |
         OPTION_DATA | OPTION_OUTBOX,
     1, INT_MAX, .run = panel_import_run,
     .examples = "panel import figures.csv\n"
                 "panel import figures.csv --out panels\n"},
    {"panel list", "", "lists the panels that were sent from here",
     OPTION_SEND | OPTION_KNOWN, 0, 0, .run = panel_list_run},
    {"panel new", "--kind KIND", "writes the file of a panel from flags",
     OPTION_CONTENT | OPTION_WRITE | OPTION_JSON, 0, 0, .run = panel_new_run,
     .examples = "panel new --kind figure --title 参保率 --figure '参保率=76.5 "
                 "%' --out rate.json\n"},
    {"panel push", "[FILE|DIR|PICTURE...]",
     "sends panels: files, of a folder its *.json, or one made from flags or "
     "of "
     "pictures",
     OPTION_SIGN | OPTION_SHOWN | OPTION_WAIT | OPTION_PREVIEW | OPTION_DATA |
         OPTION_OUTBOX | OPTION_CONTENT | OPTION_PICTURE,
     0, INT_MAX, .run = panel_push_run,
     .examples = "panel push --kind notice --title 停水通知 --text - --until "
                 "'明天 12:00'\n"
                 "panel push poster.jpg --title 二七文化节 --until 12月1日\n"
                 "panel push panels\n"},
    {"panel remove", "ID...", "takes panels out of the programme",
     OPTION_SIGN | OPTION_OUTBOX | OPTION_JSON, 1, INT_MAX,
     .run = panel_remove_run, .names = NAMES_PANELS,
     .examples = "panel remove water-outage\n"},
    {"panel show", "ID", "prints a panel as it was sent last",
     OPTION_SEND | OPTION_KNOWN, 1, 1, .run = panel_show_run,
     .names = NAMES_PANELS},
    {"panel update", "ID", "changes fields of a panel as the flags say",
     OPTION_SIGN | OPTION_SHOWN | OPTION_WAIT | OPTION_FIELDS | OPTION_PREVIEW |
         OPTION_DATA | OPTION_OUTBOX,
     1, 1, .run = panel_update_run, .names = NAMES_PANELS,
     .examples = "panel update q01-gdp --set schedule.weight=3\n"},
    {"plays", "--screen ID", "tells what a screen has shown, from its own log",
     OPTION_SIGN | OPTION_FLEET | OPTION_PLAYS, 0, 0, .run = plays_run,
     .examples = "plays --screen lobby-1 --from 2021-07-20 --to 2021-07-26\n"},
    {"programme show", "", "tells which panels come when on a screen",
     OPTION_SEND | OPTION_PROGRAMME | OPTION_DATA, 0, 0,
     .run = programme_show_run,
     .examples = "programme show --screen lobby-1 --on 2026-10-01\n"},
    {"provision broker", "HOST...", "makes the broker's certificate",
     OPTION_OUT | OPTION_TOWN | OPTION_JSON, 1, CERTIFICATE_HOSTS_MAX,
     .run = provision_broker_run},
    {"provision ca", "--out DIR", "makes a certificate authority",
     OPTION_OUT | OPTION_AUTHORITY | OPTION_JSON, 0, 0,
     .run = provision_ca_run},
    {"provision operator", "NAME", "makes what an operator needs",
     OPTION_OUT | OPTION_TOWN | OPTION_MEMBER | OPTION_OPERATOR |
         OPTION_SECRET | OPTION_JSON,
     1, 1, .run = provision_operator_run},
    {"provision renew", "NAME",
     "makes a new certificate for a machine of a town",
     OPTION_ISSUED | OPTION_JSON, 1, 1, .run = provision_renew_run,
     .names = NAMES_MACHINES,
     .examples = "provision renew lobby-1 --town town\n"
                 "provision renew operator-li --town town\n"},
    {"provision revoke", "NAME", "revokes a certificate",
     OPTION_TOWN | OPTION_ISSUED | OPTION_JSON, 1, 1,
     .run = provision_revoke_run, .names = NAMES_ISSUED},
    {"provision screen", "ID", "makes what a screen needs",
     OPTION_OUT | OPTION_TOWN | OPTION_MEMBER | OPTION_SCREEN | OPTION_JSON, 1,
     1, .run = provision_screen_run,
     .examples = "provision screen lobby-1 --town town --area 410103001001\n"},
    {"provision town", "DIR",
     "makes authority, root key, broker and first operator, and asks what it "
     "needs",
     OPTION_FOUND | OPTION_SECRET | OPTION_JSON, 1, 1,
     .run = provision_town_run,
     .examples = "provision town town --org erqi --host broker.example.org "
                 "--operator li\n"},
    {"screens", "", "tells which screens are up, and what stands on them",
     OPTION_SEND | OPTION_FLEET | OPTION_SCREENS, 0, 0, .run = screens_run,
     .examples = "screens\n"
                 "screens --down --area 410103\n"},
    {"screens show", "ID", "tells everything about one screen",
     OPTION_SEND | OPTION_FLEET, 1, 1, .run = screens_show_run,
     .names = NAMES_SCREENS},
    {"settings push", "FILE...", "sends settings to the screens of a scope",
     OPTION_SIGN | OPTION_OUTBOX | OPTION_JSON, 1, INT_MAX,
     .run = settings_push_run},
    {"setup", "FILE.tar|DIR",
     "takes what provision made for an operator, and sends the list of keys",
     OPTION_SETUP | OPTION_JSON, 1, 1, .run = setup_run},
    {"status", "[MESSAGE]", "tells how far messages came that were sent",
     OPTION_SEND | OPTION_FLEET, 0, 1, .run = status_run,
     .names = NAMES_PANELS | NAMES_ALERTS},
    {"validate", "FILE...", "checks panels and alerts, sends nothing",
     OPTION_JSON, 1, INT_MAX, .run = validate_run,
     .examples = "validate panel.json\n"},
};
const size_t command_count = sizeof commands / sizeof commands[0];

enum { WORDS_MAX = 3, TYPED_BYTES = 64 };

/* Joins the first words up to an option. Returns their number. */
static int join_words(int argc, char **argv, int most, char out[TYPED_BYTES])
{
    int words = 0;

    out[0] = '\0';
    while (words < most && words + 1 < argc && argv[words + 1][0] != '-') {
        size_t length = strlen(out);
        snprintf(out + length, TYPED_BYTES - length, "%s%s",
                 words > 0 ? " " : "", argv[words + 1]);
        words++;
    }
    return words;
}

const struct command *command_find(int argc, char **argv, int *words)
{
    char typed[TYPED_BYTES];

    for (int most = WORDS_MAX; most > 0; most--) {
        *words = join_words(argc, argv, most, typed);
        for (size_t i = 0; i < command_count; i++)
            if (strcmp(commands[i].name, typed) == 0)
                return &commands[i];
    }
    return NULL;
}

const struct command *command_nearest(int argc, char **argv)
{
    const struct command *found = NULL;
    char typed[TYPED_BYTES];
    int nearest = INT_MAX;

    join_words(argc, argv, WORDS_MAX, typed);
    for (size_t i = 0; i < command_count; i++)
        if (word_is_nearer(typed, commands[i].name, &nearest))
            found = &commands[i];
    return found;
}

static void print_examples(const struct command *command, FILE *out)
{
    if (!command->examples)
        return;
    language_print(out, "Examples:\n");
    for (const char *at = command->examples; *at; at += strcspn(at, "\n") + 1)
        language_print(out, "  gaoshi-publish %.*s\n", (int)strcspn(at, "\n"),
                       at);
    fputc('\n', out);
}

void command_print_help(const struct command *command, FILE *out)
{
    language_print(out, "gaoshi-publish %s [OPTION...] %s\n%s\n\n",
                   command->name, tr(command->operands), tr(command->summary));
    print_examples(command, out);
    options_print_help(command->groups, out);
}

static bool is_of_group(const struct command *command, const char *group)
{
    size_t length = strlen(group);

    return strncmp(command->name, group, length) == 0 &&
           command->name[length] == ' ';
}

bool command_is_group(const char *word)
{
    for (size_t i = 0; i < command_count; i++)
        if (is_of_group(&commands[i], word))
            return true;
    return false;
}

static void print_summary(const struct command *command, FILE *out)
{
    char head[64];

    snprintf(head, sizeof head, "%s %s", command->name, tr(command->operands));
    language_print(out, "  %-*s  %s\n", UTF8_FIELD(head, 26),
                   tr(command->summary));
}

void command_print_group(const char *group, FILE *out)
{
    language_print(out, "gaoshi-publish %s COMMAND [OPTION...] ...\n\n", group);
    for (size_t i = 0; i < command_count; i++)
        if (is_of_group(&commands[i], group))
            print_summary(&commands[i], out);
    language_print(
        out, "\ngaoshi-publish %s COMMAND --help prints the options.\n", group);
}

void command_print_overview(FILE *out)
{
    language_print(out, "gaoshi-publish COMMAND [OPTION...] ...\n"
                        "Puts panels and alerts on public screens.\n\n");
    for (size_t i = 0; i < command_count; i++)
        print_summary(&commands[i], out);
    language_print(
        out, "\ngaoshi-publish COMMAND --help prints the options.\n"
             "Exit: 0 done, 1 other, 2 usage, 3 unconfirmed, 4 refused, "
             "5 too few screens, 6 key or signature, 7 certificate ends\n");
}
