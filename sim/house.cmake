# How a layer and its test are declared, and the flags that every translation unit gets.
# sim/CMakeLists.txt is the architecture on one page; this file is the machinery under it.

find_package(Python3 COMPONENTS Interpreter REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(pugixml REQUIRED)
find_package(PkgConfig REQUIRED)
# The packaged cpp-httplib is compiled with TLS and compression: take its defines from pkg-config.
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
pkg_check_modules(mozjs REQUIRED IMPORTED_TARGET mozjs-102)
pkg_check_modules(seccomp REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(prometheus-cpp REQUIRED)

# One set of flags for the product's own code. -ffp-contract=off keeps the arithmetic the same in
# both compilers: the same seed is to give the same bytes.
add_library(house_flags INTERFACE)
target_compile_options(house_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough -ffp-contract=off
  # With optimisation g++ 12 sees overlaps and uninitialised values in the standard library that are
  # none (GCC bugs 105651 and 105562); clang-tidy and the sanitizers look for real ones.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<BOOL:${LNSIM_WERROR}>:-Werror>)
target_include_directories(house_flags INTERFACE ${PROJECT_SOURCE_DIR})
if(LNSIM_SANITIZE)
  add_compile_options(-fsanitize=${LNSIM_SANITIZE} -fno-omit-frame-pointer -g)
  # ThreadSanitizer does not see the fences in Asio, and g++ warns of that.
  if(LNSIM_SANITIZE STREQUAL "thread")
    add_compile_options(-Wno-tsan)
  endif()
  add_link_options(-fsanitize=${LNSIM_SANITIZE})
endif()

# sim_library(NAME [DEPENDS layer...] [PRIVATE third-party...])
# The layer NAME: every .cpp in sim/NAME, the target sim::NAME. Headers of the layers in DEPENDS
# may be included, and no others (the ctest `house.includes` holds that).
function(sim_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(sim_${name} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(sim_${name} PRIVATE ${ARG_PRIVATE})
  else()
    add_library(sim_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(sim_${name} ${scope} house_flags)
  foreach(layer IN LISTS ARG_DEPENDS)
    target_link_libraries(sim_${name} ${scope} ${layer})
  endforeach()
  add_library(sim::${name} ALIAS sim_${name})
endfunction()

# sim_test(NAME [PRIVATE third-party...]): the executable test_NAME from tests/NAME/*_test.cpp,
# linking only that layer and tests/support. Each test case is a ctest of its own.
function(sim_test name)
  cmake_parse_arguments(ARG "" "" "PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE sim::${name} test_support GTest::gmock GTest::gtest_main
                        ${ARG_PRIVATE})
  target_compile_definitions(test_${name} PRIVATE
    LNSIM_SOURCE_DIR="${PROJECT_SOURCE_DIR}" LNSIM_BINARY="${CMAKE_BINARY_DIR}/lnsim")
  gtest_discover_tests(test_${name} TEST_PREFIX "${name}." PROPERTIES TIMEOUT 60
                       DISCOVERY_TIMEOUT 60)
endfunction()

# sim_shipped_scenarios(TARGET): compiles the names and titles of scenarios/*.yaml into TARGET.
function(sim_shipped_scenarios target)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/scenarios/*.yaml)
  set(SHIPPED_SCENARIOS "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(stem ${file} NAME_WE)
    file(STRINGS ${file} title REGEX "^name: " LIMIT_COUNT 1)
    string(REGEX REPLACE "^name: *" "" title "${title}")
    string(REPLACE "\"" "" title "${title}")
    string(APPEND SHIPPED_SCENARIOS "      {\"${stem}\", \"${title}\"},\n")
  endforeach()
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/cli/shipped_scenarios.cpp.in
                 ${CMAKE_BINARY_DIR}/generated/shipped_scenarios.cpp @ONLY)
  target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated/shipped_scenarios.cpp)
endfunction()

# sim_shipped_suite(TARGET): compiles the files of scenarios/conformance/ into TARGET.
function(sim_shipped_suite target)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS
       ${PROJECT_SOURCE_DIR}/scenarios/conformance/*.yaml
       ${PROJECT_SOURCE_DIR}/scenarios/conformance/*.js)
  set(SHIPPED_SUITE "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${file})
    file(READ ${file} text)
    string(APPEND SHIPPED_SUITE "    {\"${path}\", R\"suite(${text})suite\"},\n")
  endforeach()
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/cli/shipped_suite.cpp.in
                 ${CMAKE_BINARY_DIR}/generated/shipped_suite.cpp @ONLY)
  target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated/shipped_suite.cpp)
endfunction()

# sim_report_page(TARGET): compiles the HTML report's page, put together of sim/report/html/ and of
# what it has from npm, into TARGET. Without npm's registry it has tables only.
function(sim_report_page target)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/report/html)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  set(page ${CMAKE_BINARY_DIR}/generated/html_page.cpp)
  execute_process(COMMAND ${Python3_EXECUTABLE} -B ${folder}/assemble.py ${folder}
                          ${CMAKE_BINARY_DIR}/report/html ${page}
                  RESULT_VARIABLE result)
  if(result EQUAL 3)
    message(WARNING "npm could not fetch uPlot: HTML reports will have tables, and no charts. "
                    "Run cmake again when npm's registry can be reached.")
  elseif(NOT result EQUAL 0)
    message(FATAL_ERROR "sim/report/html/assemble.py failed: ${result}")
  endif()
  target_sources(${target} PRIVATE ${page})
endfunction()

# sim_scenario_schema(TARGET): compiles sim/scenario/schema.json into TARGET.
function(sim_scenario_schema target)
  set(schema ${CMAKE_CURRENT_SOURCE_DIR}/scenario/schema.json)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${schema})
  file(READ ${schema} SCENARIO_SCHEMA)
  string(STRIP "${SCENARIO_SCHEMA}" SCENARIO_SCHEMA)
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/scenario/json_schema.cpp.in
                 ${CMAKE_BINARY_DIR}/generated/json_schema.cpp @ONLY)
  target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated/json_schema.cpp)
endfunction()
