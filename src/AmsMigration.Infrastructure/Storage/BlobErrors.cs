using System.Globalization;
using System.Net.Sockets;
using System.Xml;
using AmsMigration.Packaging;
using Azure;
using Azure.Storage.Blobs.Models;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>From what blob storage refuses to what a user can do about it. The service's own message may hold a signature: it is never passed on whole.</summary>
internal static class BlobErrors
{
    /// <summary>A request by key or token may be so much older or younger than the service's own time.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(15);

    /// <summary>
    /// What clients of Azure throw when a request fails for good, or when something else answers in the service's place: a page that is no XML, or one that is, in
    /// which they look for a list in vain.
    /// </summary>
    public static bool IsStorage(Exception exception) => exception switch
    {
        RequestFailedException or XmlException or NullReferenceException => true,
        AggregateException tries => tries.InnerExceptions.Count > 0 && tries.InnerExceptions.All(e => IsStorage(e) || e is IOException or OperationCanceledException),
        _ => false,
    };

    /// <summary>About a file that is read.</summary>
    public static PackagingException Reading(Exception exception, string? path) => Explain(exception, path, isOutput: false);

    /// <summary>About a file that is written, and one of an output that is looked at.</summary>
    public static PackagingException Writing(Exception exception, string? path) => Explain(exception, path, isOutput: true);

    public static bool Is(RequestFailedException e, params BlobErrorCode[] codes) => codes.Any(code => e.ErrorCode == code.ToString());

    /// <summary>Somebody else has the lease.</summary>
    public static bool IsLeased(RequestFailedException e) => e.ErrorCode?.StartsWith("Lease", StringComparison.Ordinal) == true;

    /// <summary>Nobody knows the name. A name server that does not answer says nothing of that kind.</summary>
    public static bool IsUnknownHost(Exception? e) =>
        e is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } || (e is not null && IsUnknownHost(e.InnerException));

    private static PackagingException Explain(Exception exception, string? path, bool isOutput)
    {
        Exception last = exception is AggregateException tries
            ? tries.InnerExceptions.LastOrDefault(e => e is RequestFailedException) ?? tries.InnerExceptions.Last()
            : exception;
        RequestFailedException e = last as RequestFailedException ?? new RequestFailedException(last.Message, last);
        (string code, string what) = Classify(e, isOutput);
        string status = e.Status == 0 ? "" : $" ({e.Status}{(e.ErrorCode is null ? "" : $" {e.ErrorCode}")}{RequestId(e)})";
        return new PackagingException(code, what + status, path, inner: e) { IsOfStore = true };
    }

    private static (string Code, string What) Classify(RequestFailedException e, bool isOutput) => e.Status switch
    {
        0 when IsUnknownHost(e) => ("StorageHostUnknown", "there is no storage account of that name"),
        0 => ("StorageUnreachable", $"the storage account could not be reached: {WhyUnreachable(e)}"),
        _ when Is(e, BlobErrorCode.BlobArchived, BlobErrorCode.BlobBeingRehydrated) => (
            isOutput ? "OutputArchived" : "SourceArchived", "the blob is in the archive tier, or on its way out of it, and cannot be read yet"),
        _ when e.ErrorCode?.Contains("Immutable") == true => ("OutputImmutable", "a legal hold or an immutability policy keeps the blob as it is"),
        409 or 412 when IsLeased(e) && isOutput => ("OutputLeased", "somebody holds a lease on the blob or its container"),
        409 when Is(e, BlobErrorCode.SnapshotsPresent) => ("OutputHasSnapshots", "somebody made snapshots of the blob, which would be deleted with it"),
        409 when Is(e, BlobErrorCode.InvalidBlobType) => ("OutputUnwritable", "a page or append blob of this name is there; delete it"),
        409 when Is(e, BlobErrorCode.ContainerBeingDeleted) => (
            "ContainerBeingDeleted", "a container of that name is being deleted; it can be made again after a while"),
        409 when e.ErrorCode == "PublicAccessNotPermitted" => ("StorageUnauthorized", "the storage account lets nobody in without a credential"),
        409 when e.ErrorCode == "BlockCountExceedsLimit" => ("OutputTooLarge", "the blob would have more blocks than the service takes"),
        401 => ("StorageUnauthorized", "the storage account does not take the credential"),
        403 => Forbidden(e, isOutput),
        404 when Is(e, BlobErrorCode.ContainerNotFound) => ("ContainerNotFound", "the container is not there, or was deleted"),
        404 when Is(e, BlobErrorCode.ResourceNotFound) => ("ContainerNotFound", "the container is not there, or nobody sees it without a credential"),
        404 => ("FileNotFound", "the blob is not there, or was deleted"),
        412 when isOutput && e.ErrorCode != "SourceConditionNotMet" => ("OutputChanged", "another program writes to the blob"),
        412 => ("SourceChanged", "the blob was written to since it was looked at"),
        413 => ("OutputTooLarge", "the blob would have more blocks than the service takes"),
        429 or 503 => ("StorageThrottled", "the storage account asked for patience for longer than the retries lasted"),
        408 or >= 500 => ("StorageUnavailable", "the storage account failed for longer than the retries lasted"),
        _ => isOutput ? ("OutputUnwritable", "the storage account refused to write the blob") : ("FileUnreadable", "the storage account refused to read the blob"),
    };

    private static (string Code, string What) Forbidden(RequestFailedException e, bool isOutput) => e.ErrorCode switch
    {
        "AuthenticationFailed" => Unauthenticated(e),
        "KeyBasedAuthenticationNotPermitted" => ("StorageKeyNotPermitted", "the storage account takes neither keys nor signatures that were made with them"),
        "AccountIsDisabled" => ("StorageAccountDisabled", "the storage account is disabled"),
        "AuthorizationSourceIPMismatch" => ("StorageForbidden", "the shared access signature is not for the address that this machine has"),
        "AuthorizationFailure" => ("StorageForbidden", $"{NeededRole(isOutput)}; or the account's firewall keeps this machine out"),
        _ => ("StorageForbidden", NeededRole(isOutput)),
    };

    private static string NeededRole(bool isOutput) => isOutput
        ? "writing is not allowed: it takes the role Storage Blob Data Contributor, or a shared access signature with read, list, create, write and delete"
        : "reading is not allowed: it takes the role Storage Blob Data Reader, or a shared access signature with read and list";

    /// <summary>The detail quotes dates, and for a wrong signature what was signed: it is looked at and not shown.</summary>
    private static (string Code, string What) Unauthenticated(RequestFailedException e)
    {
        string detail = e.Data["AuthenticationErrorDetail"] as string ?? "";
        if (detail.Contains("specified time frame"))
        {
            return ("StorageSignatureRefused", "the shared access signature has ended, or has not begun");
        }

        TimeSpan? ahead = DateTimeOffset.UtcNow - e.GetRawResponse()?.Headers.Date;
        if (ahead?.Duration() > ClockTolerance)
        {
            string minutes = ahead.Value.Duration().TotalMinutes.ToString("0", CultureInfo.InvariantCulture);
            return ("ClockWrong", $"this machine's clock is {minutes} minutes {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the service's");
        }

        return detail.Contains("date header")
            ? ("ClockWrong", "this machine's clock is not the service's, or the request was held up on its way")
            : ("StorageSignatureRefused", "the key, token or shared access signature is not taken: it may have ended, or belong to another account or container");
    }

    private static string WhyUnreachable(RequestFailedException e) => e.GetBaseException() switch
    {
        RequestFailedException => "the connection was cut",
        OperationCanceledException => "it did not answer in time",
        XmlException or NullReferenceException => "something between here and the service answered in its place, such as a page to sign in to a network",
        Exception cause => cause.Message,
    };

    private static string RequestId(RequestFailedException e) =>
        e.GetRawResponse()?.Headers.RequestId is { Length: > 0 } id ? $", request id {id}" : "";
}
