import ArgumentParser
import Control
import MCPConfig

struct Reload: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reads the policy anew; one that doesn't hold leaves the old one in force.")

  @OptionGroup var options: CommonOptions

  func execute(on console: Console) throws -> Outcome {
    let reply = try options.ask(.reload, patience: CommonOptions.rolloutPatience)
    if options.json {
      console.print(reply)
    } else {
      console.print("The policy is in force, generation \(reply.amount("generation")).")
    }
    return .fine
  }
}
