using System.Management.Automation;
using AmsMigration.Packaging;

namespace AmsMigration.Pipeline;

/// <summary>The error catalogue: every error record of the module is made here. Ids are stable and part of the contract.</summary>
internal static class Errors
{
    /// <summary>Categories and advice by the code of a <see cref="PackagingException"/>; codes that are not named here are data that is wrong.</summary>
    private static readonly Dictionary<string, (ErrorCategory Category, string? Advice)> Known = new()
    {
        ["FolderNotFound"] = (ErrorCategory.ObjectNotFound, null),
        ["FileNotFound"] = (ErrorCategory.ObjectNotFound, "Look whether the whole container was downloaded."),
        ["FolderUnreadable"] = (ErrorCategory.PermissionDenied, null),
        ["FileUnreadable"] = (ErrorCategory.ReadError, null),
        ["SourceChanged"] = (ErrorCategory.ReadError, "Run the command again when nothing writes to the asset."),
        ["OutputUnwritable"] = (ErrorCategory.WriteError, "Look at the permissions of the destination."),
        ["OutputFull"] = (ErrorCategory.LimitsExceeded, "Nothing of this asset was left behind. Make room and run the same command again."),
        ["OutputExists"] = (ErrorCategory.ResourceExists, "Add -Force to overwrite it."),
        ["UnsafePath"] = (ErrorCategory.SecurityError, null),
        ["NothingToPackage"] = (ErrorCategory.InvalidData, "Get-AmsAsset shows its tracks and faults."),
    };

    public static ErrorRecord From(Exception exception, object? target)
    {
        if (exception is not PackagingException packaging)
        {
            return exception is OperationCanceledException
                ? new ErrorRecord(exception, "Cancelled", ErrorCategory.OperationStopped, target)
                : new ErrorRecord(exception, "UnexpectedError", ErrorCategory.NotSpecified, target);
        }

        (ErrorCategory category, string? advice) = Known.TryGetValue(packaging.Code, out (ErrorCategory, string?) known)
            ? known
            : (ErrorCategory.InvalidData, null);
        return new ErrorRecord(packaging, packaging.Code, category, target)
        {
            ErrorDetails = new ErrorDetails(packaging.Message) { RecommendedAction = advice ?? "" },
        };
    }

    public static ErrorRecord PathNotFound(string path, Exception exception) => new(exception, "PathNotFound", ErrorCategory.ObjectNotFound, path);

    public static ErrorRecord NotFileSystem(string path, string provider) => new(
        new PSArgumentException($"'{path}' is of the provider '{provider}'; only paths of the file system can be used."),
        "NotFileSystemPath", ErrorCategory.InvalidArgument, path);

    public static ErrorRecord InvalidPathTemplate(string template, FormatException exception) =>
        new(exception, "InvalidPathTemplate", ErrorCategory.InvalidArgument, template);
}
