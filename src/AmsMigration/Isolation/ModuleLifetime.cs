using System.Management.Automation;

namespace AmsMigration.Isolation;

/// <summary>
/// Called by PowerShell when the module is imported into a runspace and removed from one. It names no type of another assembly of ours: it runs before
/// they can be found.
/// </summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnImport() => DependencyLoader.Attach();

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => DependencyLoader.Detach();
}
