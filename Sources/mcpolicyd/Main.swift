import Control
import Enforcement
import Glibc
import Linux

@main
enum Main {
  static func main() {
    switch Options.parse(Array(CommandLine.arguments.dropFirst())) {
    case .print(let text): write(text, to: STDOUT_FILENO)
    case .refuse(let reason):
      end("\(reason)\n\(Options.usage)", status: 2)
    case .run(let options): run(options)
    }
  }

  private static func run(_ options: Options) {
    Process.forbidDumps()
    Process.tellCrashes(of: "mcpolicyd \(ServiceInfo.mcpolicyd.version)")
    Process.ignoreBrokenPipes()
    Process.shareHeap()
    // Each file and folder is made with the mode it is to have.
    umask(0)
    let activation: SocketActivation
    do throws(SocketActivation.Refusal) {
      activation = try SocketActivation(at: HostPaths(options).socket)
    } catch {
      end("\(error)", status: 2)
    }
    do throws(SystemError) {
      // Both before any thread: threads inherit the signal mask, and libinotifytools wants it so.
      let loop = try EventLoop()
      let watcher = FolderWatcher()
      do throws(Daemon.Failure) {
        let daemon = try Daemon(options)
        do throws(SystemError) {
          try daemon.run(loop, watcher: watcher, activation)
        } catch {
          throw .system(error)
        }
      } catch {
        switch error {
        case .policy(let error):
          activation.turnAwayWaiting()
          end("\(error)", status: 2)
        case .laterState(let format, let path):
          end(
            "\(path) was written by a later version (format \(format), not \(StateFormat.current)); install that one, or remove what is there and approve anew",
            status: 2)
        case .alreadyRunning(let path): end("another mcpolicyd runs on \(path)", status: 5)
        case .system(let error): throw error
        }
      }
    } catch {
      end("\(error)", status: 5)
    }
  }

  private static func end(_ message: String, status: Int32) -> Never {
    write("mcpolicyd: \(message)\n", to: STDERR_FILENO)
    exit(status)
  }

  private static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(descriptor, bytes, bytes.count)
  }
}
