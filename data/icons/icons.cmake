# Writes the pictograms of data/icons/icons.txt as C tables, for display/core/draw/icon.h.
# usage: cmake -D OUT=FILE -D FILE=data/icons/icons.txt -P icons.cmake
file(STRINGS ${FILE} lines ENCODING UTF-8)
set(shapes "")
set(icons "")
set(count 0)
set(events "")
set(last -1)
foreach(line IN LISTS lines)
    if(line MATCHES "^(#.*)?$")
        continue()
    elseif(line MATCHES "^icon ([a-z-]+) ([^\"\\ ]+)$")
        math(EXPR last "${last} + 1")
        string(APPEND icons "    {\"${CMAKE_MATCH_1}\", \"${CMAKE_MATCH_2}\", ${count}},\n")
    elseif(line MATCHES "^event ([^\"\\]+)$" AND icons)
        string(REPLACE " " ";" words "${CMAKE_MATCH_1}")
        foreach(word IN LISTS words)
            string(APPEND events "    {\"${word}\", ${last}},\n")
        endforeach()
    elseif(line MATCHES "^(-?)(box|poly|disc|ring|path) ([0-9., ]+)$" AND icons)
        set(cut false)
        if(CMAKE_MATCH_1)
            set(cut true)
        endif()
        string(TOUPPER ${CMAKE_MATCH_2} kind)
        string(REGEX REPLACE "[ ,]+" ";" numbers "${CMAKE_MATCH_3}")
        list(LENGTH numbers length)
        list(JOIN numbers ", " numbers)
        string(APPEND shapes "    {ICON_${kind}, ${cut}, ${length}, {${numbers}}},\n")
        math(EXPR count "${count} + 1")
    else()
        message(FATAL_ERROR "icons.txt: neither an icon, a shape nor a comment: '${line}'")
    endif()
endforeach()
file(WRITE ${OUT} "#include \"display/core/draw/icon.h\"\n\n"
    "const struct icon_shape icon_shapes[] = {\n${shapes}};\n\n"
    "/* The last one ends the shapes of the one before. */\n"
    "const struct icon icons[] = {\n${icons}    {\"\", \"\", ${count}},\n};\n"
    "const struct icon_event icon_events[] = {\n${events}};\n"
    "const size_t icon_event_count = sizeof icon_events / sizeof icon_events[0];\n"
    "const size_t icon_count = sizeof icons / sizeof icons[0] - 1;\n")
