/* The smallest panel of each template, and how tests have panels read. */
#ifndef GAOSHI_TESTS_SUPPORT_PANEL_BODY_H
#define GAOSHI_TESTS_SUPPORT_PANEL_BODY_H

#include "protocol/panel.h"

/* For body_make; every field in it is required. */
extern const char *const body_smallest[TEMPLATE_COUNT];

/* panel_read with a fresh problem, whose code must fit the answer. */
bool body_reads_panel(json_t *object, struct panel *panel,
                      struct problem *problem);

/* Fails the test, telling the problem, when it is refused. */
void body_assert_panel(json_t *object, struct panel *panel);

#endif
