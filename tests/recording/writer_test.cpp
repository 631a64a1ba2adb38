#include "sim/recording/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <system_error>

#include "tests/recording/files.h"

namespace sim::recording {
namespace {

using test::read_all;

Recorded with_body(const std::string& body) {
  Recorded recorded;
  recorded.request.body = body;
  return recorded;
}

TEST(RecordingWriter, HandsEachLineOverAtOnce) {
  const test::Folder folder;
  Writer writer(folder.path("a"));
  writer.write(with_body("1"));
  EXPECT_EQ(read_all(folder.path("a")).requests.size(), 1U);
  writer.write(with_body("2\n3"));
  EXPECT_EQ(read_all(folder.path("a")).requests.size(), 2U);
}

TEST(RecordingWriter, AddsToAFileThatIsThere) {
  const test::Folder folder;
  Writer(folder.path("a")).write(with_body("1"));
  Writer(folder.path("a")).write(with_body("2"));
  EXPECT_EQ(read_all(folder.path("a")).requests.size(), 2U);
}

TEST(RecordingWriter, BeginsANewLineBehindOneThatWasCutShort) {
  const test::Folder folder;
  const std::string path = folder.file("a", "{\"type\":\"requ");
  Writer(path).write(with_body("1"));
  const auto contents = read_all(path);
  EXPECT_EQ(contents.requests.size(), 1U);
  EXPECT_EQ(contents.broken, 1U);
}

TEST(RecordingWriter, IsForItsOwnerAlone) {
  const test::Folder folder;
  const Writer writer(folder.path("a"));
  const auto mode = std::filesystem::status(folder.path("a")).permissions();
  EXPECT_EQ(mode & std::filesystem::perms(0077), std::filesystem::perms::none);
}

TEST(RecordingWriter, SaysThatItCannotWrite) {
  const test::Folder folder;
  EXPECT_THROW(Writer(folder.path("no/folder")), std::system_error);
  EXPECT_THROW(Writer("/dev/full").write(with_body("1")), std::system_error);
}

}  // namespace
}  // namespace sim::recording
