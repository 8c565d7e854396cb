/* error.cpp - exceptions as one line. */
#include <c10/util/Exception.h>

#include <cstring>
#include <new>

#include "network.h"

namespace attrib__torch {

static std::string trimmed(const std::string &line) {
  const char *blank = " \t\r\f\v";
  const size_t begin = line.find_first_not_of(blank), end = line.find_last_not_of(blank);
  std::string text = begin == std::string::npos ? "" : line.substr(begin, end - begin + 1);
  for (char &c : text)
    if ((unsigned char)c < ' ') c = ' ';
  return text;
}

/* "RuntimeError: what was wrong" -> "what was wrong", "builtins.ValueError: what" -> "ValueError: what"; "" for a line
 * that is no exception of the interpreter's. */
static std::string after_error_name(const std::string &line) {
  const size_t colon = line.find(": ");
  if (colon == std::string::npos || line.find_first_of(" \t\"'(") < colon) return "";
  std::string name = line.substr(0, colon);
  if (name.find("builtins.") == 0) name.erase(0, strlen("builtins."));
  for (const char *ending : {"Error", "Exception", "Warning"}) {
    const size_t length = strlen(ending);
    if (name.size() >= length && name.compare(name.size() - length, length, ending) == 0) {
      const std::string text = trimmed(line.substr(colon + 2));
      return name == "RuntimeError" || name == "torch.jit.Error" || text.empty() ? text : name + ": " + text;
    }
  }
  return "";
}

std::string informative_line(const char *what) {
  const std::string text = what == nullptr ? "" : what;
  std::string first, interpreter;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = text.find('\n', begin);
    if (end == std::string::npos) end = text.size();
    const std::string line = trimmed(text.substr(begin, end - begin));
    const std::string said = after_error_name(line);
    if (first.empty()) first = line;
    if (interpreter.empty() && !said.empty()) interpreter = said;
    begin = end + 1;
  }
  /* The interpreter begins with its own lines and a stack trace; what was wrong comes last. */
  if (first.find("The following operation failed in the TorchScript interpreter") == 0)
    return interpreter.empty() ? "an operation failed in the TorchScript interpreter" : interpreter;
  const size_t place = first.find(" (Exception raised from ");
  if (place != std::string::npos) first.resize(place);
  return first.empty() ? "an exception without a text" : first;
}

std::string handled_exception(attrib_status otherwise, attrib_status *status) {
  *status = otherwise;
  try {
    throw;
  } catch (const failure &e) {
    *status = e.status;
    return e.line;
  } catch (const std::bad_alloc &) {
    *status = ATTRIB_E_MEMORY;
    return "out of memory";
  } catch (const c10::Error &e) {
    const std::string line = informative_line(e.what_without_backtrace());
    if (line.find("DefaultCPUAllocator") != std::string::npos) *status = ATTRIB_E_MEMORY;
    return line;
  } catch (const std::exception &e) {
    const std::string line = informative_line(e.what());
    if (line.find("DefaultCPUAllocator") != std::string::npos) *status = ATTRIB_E_MEMORY;
    return line;
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

}  // namespace attrib__torch
