/* Changes single values of a configuration file and leaves the rest of its
 * text, comments too, as it is. */
#ifndef GAOSHI_DISPLAY_CONFIG_EDIT_H
#define GAOSHI_DISPLAY_CONFIG_EDIT_H

/* The text with section.key set to the value: in its line if there is one, at
 * the end of its section, or in a new section at the end. The caller frees it.
 * NULL: no memory. */
char *config_edit(const char *text, const char *key, const char *value);

#endif
