import MCPConfig

/// What a Varlink service tells about itself.
public struct ServiceInfo: Hashable, Sendable {
  public var vendor: String
  public var product: String
  public var version: String
  public var url: String

  public init(vendor: String, product: String, version: String, url: String) {
    self.vendor = vendor
    self.product = product
    self.version = version
    self.url = url
  }

  /// This product, for the daemon and for `mcpolicyctl`.
  public static let mcpolicyd = ServiceInfo(
    vendor: "mcpolicyd", product: "mcpolicyd", version: "0.1.0", url: "")
}

/// `org.varlink.service`, which every Varlink service has.
struct VarlinkService {
  static let name = "org.varlink.service"
  let info: ServiceInfo

  private static let descriptions = [
    (name, description), (InterfaceDescription.name, InterfaceDescription.text),
  ]

  func answer(_ member: ByteString, _ parameters: JSON) throws(ControlError) -> JSON {
    var parameters = RequestParameters(parameters)
    switch member {
    case "GetInfo":
      try parameters.end()
      return [
        "vendor": .text(info.vendor), "product": .text(info.product),
        "version": .text(info.version), "url": .text(info.url),
        "interfaces": .array(Self.descriptions.map { .text($0.0) }),
      ]
    case "GetInterfaceDescription":
      guard let interface = try parameters.text("interface") else {
        throw .invalidParameter("interface")
      }
      try parameters.end()
      guard let found = Self.descriptions.first(where: { ByteString($0.0) == interface }) else {
        throw .interfaceNotFound(interface.text)
      }
      return ["description": .text(found.1)]
    default:
      throw .methodNotFound("\(Self.name).\(member.text)")
    }
  }

  /// As the Varlink project publishes it, with the two errors systemd added.
  private static let description = """
    # The Varlink Service Interface is provided by every varlink service. It
    # describes the service and the interfaces it implements.
    interface org.varlink.service

    # Get a list of all the interfaces a service provides and information
    # about the implementation.
    method GetInfo() -> (
      vendor: string,
      product: string,
      version: string,
      url: string,
      interfaces: []string
    )

    # Get the description of an interface that is implemented by this service.
    method GetInterfaceDescription(interface: string) -> (description: string)

    # The requested interface was not found.
    error InterfaceNotFound(interface: string)

    # The requested method was not found.
    error MethodNotFound(method: string)

    # The interface defines the requested method, but the service does not
    # implement it.
    error MethodNotImplemented(method: string)

    # One of the passed parameters is invalid.
    error InvalidParameter(parameter: string)

    # The client may not call the method.
    error PermissionDenied()

    # The method must be called with the 'more' flag.
    error ExpectedMore()

    """
}
