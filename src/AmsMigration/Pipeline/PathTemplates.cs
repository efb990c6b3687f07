using System.Management.Automation;
using AmsMigration.Conversion;

namespace AmsMigration.Pipeline;

/// <summary>From what a user types to a template of paths.</summary>
internal static class PathTemplates
{
    /// <summary>A template that cannot be understood ends the command: every asset would go to the wrong place.</summary>
    public static PathTemplate Parse(PSCmdlet cmdlet, string template)
    {
        try
        {
            return PathTemplate.Parse(template);
        }
        catch (FormatException e)
        {
            cmdlet.ThrowTerminatingError(Errors.InvalidPathTemplate(template, e));
            throw;
        }
    }
}
