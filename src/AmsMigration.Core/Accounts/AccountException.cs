namespace AmsMigration.Accounts;

/// <summary>Azure Resource Manager refused something, or could not be reached; says what, and what mends it.</summary>
public sealed class AccountException : Exception
{
    /// <param name="code">Stable id, e.g. <c>AccountForbidden</c>.</param>
    /// <param name="status">HTTP status; 0 where no answer came.</param>
    /// <param name="serviceCode">The service's own code, e.g. <c>AuthorizationFailed</c>; null where it gave none.</param>
    /// <param name="requestId">What support asks for; null where no answer came.</param>
    public AccountException(string code, string message, int status = 0, string? serviceCode = null, string? requestId = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Status = status;
        ServiceCode = serviceCode;
        RequestId = requestId;
    }

    public string Code { get; }

    public int Status { get; }

    public string? ServiceCode { get; }

    public string? RequestId { get; }
}
