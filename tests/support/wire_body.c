/* One good message of each kind, and how tests have them read. */
#include "tests/support/wire_body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PANEL_BODY                                                             \
    "'panel': {'template': 'title', 'section': 'quality', 'title': '题'}"
#define WIRE                                                                   \
    "'org': 'erqi', 'scope': 'area-410103', 'seq': 7,"                         \
    "'issued': '2021-07-20T18:30:00+08:00'"

const char *const body_whole[MESSAGE_KIND_COUNT] = {
    [MESSAGE_PANEL] = "{'gaoshi': 1, 'kind': 'panel', 'id': 'q01', " WIRE
                      ", " PANEL_BODY "}",
    [MESSAGE_PANEL_REMOVAL] =
        "{'gaoshi': 1, 'kind': 'panel-removal', 'id': 'q01', " WIRE "}",
    [MESSAGE_ALERT] =
        "{'gaoshi': 1, 'kind': 'alert', 'id': 'flood', " WIRE
        ", 'alert': {'status': 'actual', 'level': 'red', 'event': '暴雨',"
        "'instruction': '转移', 'area': '二七区', 'sender': '应急局'}}",
    [MESSAGE_ALERT_CANCEL] = "{'gaoshi': 1, 'kind': 'alert-cancel',"
                             "'id': 'flood', " WIRE ", 'cancel': {}}",
    [MESSAGE_INDEX] = "{'gaoshi': 1, 'kind': 'index',"
                      "'id': 'a1e9156054e04fac', " WIRE
                      ", 'index': {'entries': [{'slot': 'panel/q01', 'seq': 7},"
                      "{'slot': 'alert/flood', 'seq': 9007199254740991}]}}",
    [MESSAGE_TICK] = "{'gaoshi': 1, 'kind': 'tick', 'org': 'erqi',"
                     "'scope': 'all', 'seq': 7, 'issued':"
                     "'2021-07-20T18:30:00+08:00', 'tick': {'index_seq': 3, "
                     "'keys_seq': 2, 'every_s': 30}}",
    [MESSAGE_COMMAND] =
        "{'gaoshi': 1, 'kind': 'command', 'id': 'lobby', 'org': 'erqi',"
        "'scope': 'screen-lobby', 'seq': 7, 'issued':"
        "'2021-07-20T18:30:00+08:00',"
        "'command': {'verb': 'brightness', 'value': 80}}",
    [MESSAGE_KEYS] =
        "{'gaoshi': 1, 'kind': 'keys', 'org': 'erqi', 'scope': 'all',"
        "'seq': 7, 'issued': '2021-07-20T18:30:00+08:00', 'keys': {'entries':"
        "[{'id': 'a1e9156054e04fac', 'public': 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQ"
        "brBZ9w7lshQhqowtrbLDFw4rXAxZuE=', 'name': '值班室', 'roles':"
        "['alerts', 'panels'], 'scopes': ['area-410103', 'group-halls'],"
        "'until': '2026-07-20T18:30:00+08:00'}]}}",
    [MESSAGE_SETTINGS] =
        "{'gaoshi': 1, 'kind': 'settings', 'id': 'glass', " WIRE
        ", 'settings': {'hours': {'dark': ['mon-fri 23:00-06:00',"
        "'sat-sun 23:30-07:00'], 'dimmed': ['20:00-23:00']}, 'wake': "
        "'yellow', 'dimmed_percent': 40}}",
    [MESSAGE_FIGURE] =
        "{'gaoshi': 1, 'kind': 'figure', 'id': 'river.level', " WIRE
        ", 'figure': {'value': 3.42, 'unit': '米',"
        "'at': '2021-07-20T18:25:00+08:00'}}",
};

struct message *body_parse_bytes(const char *bytes, size_t size,
                                 enum message_form form,
                                 struct problem *problem)
{
    struct message *message = NULL;

    *problem = (struct problem){0};
    bool fine = message_parse(bytes, size, form, "a.json", &message, problem);
    assert_int_equal(fine, message != NULL);
    assert_int_equal(fine, problem->code == PROBLEM_NONE);
    assert_string_equal(problem->place, fine ? "" : "a.json");
    return message;
}

struct message *body_parse(const json_t *object, enum message_form form,
                           struct problem *problem)
{
    char *text = json_dumps(object, JSON_INDENT(2));
    struct message *message = body_parse_bytes(text, strlen(text), form,
                                               problem);

    free(text);
    return message;
}
