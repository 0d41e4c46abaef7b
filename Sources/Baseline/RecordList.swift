import MCPConfig

/// A record with a number that no other of its kind ever has.
public protocol NumberedRecord: Sendable {
  var number: Int { get }
  /// As the control socket and `--json` show it, and as it is stored.
  var json: JSON { get }
  init?(json: JSON)
}

/// All records of one kind, which lie in one file.
public struct RecordList<Record: NumberedRecord>: Sendable {
  /// Rising by number.
  public var records: [Record] = []
  /// Kept apart from the records: a number isn't given twice after its record went.
  public private(set) var next = 1

  public init() {}

  public subscript(number: Int) -> Record? {
    get { records.first { $0.number == number } }
    set {
      guard let index = records.firstIndex(where: { $0.number == number }) else { return }
      if let newValue { records[index] = newValue } else { records.remove(at: index) }
    }
  }

  /// Adds the record that is made of the next number.
  @discardableResult
  public mutating func add(_ make: (Int) -> Record) -> Record {
    let record = make(next)
    next += 1
    records.append(record)
    return record
  }

  var stored: JSON {
    let content: JSON = ["next": .int(next), "records": .array(records.map(\.json))]
    return content.versioned
  }

  /// Nil unless every record in it is one: a list that is half read could say less than it should.
  init?(stored bytes: [UInt8]) {
    var limits = JSONLimits()
    limits.size = ExceptionStore.fileLimit
    guard let json = try? JSON(parsing: bytes, limits: limits), json["version"]?.integer == 1,
      let next = json["next"]?.integer, let elements = json["records"]?.elements
    else { return nil }
    self.next = next
    for element in elements {
      guard let record = Record(json: element), record.number < next,
        records.last.map({ $0.number < record.number }) ?? true
      else { return nil }
      records.append(record)
    }
  }
}
